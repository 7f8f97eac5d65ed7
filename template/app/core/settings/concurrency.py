"""Settings of changes that several clients make at once."""

from app.core.settings.types import SettingsGroup


class ConcurrencySettings(SettingsGroup):
    """What clients must say so that they overwrite nothing unseen.

    Attributes:
        require_if_match: Whether changes without `If-Match` are refused with 428.
    """

    require_if_match: bool = False
