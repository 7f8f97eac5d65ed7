"""Settings of the interactive documentation."""

from app.core.settings.types import SettingsGroup


class DocsSettings(SettingsGroup):
    """Whether `/docs`, `/redoc` and `/openapi.json` are served.

    Attributes:
        enabled: `None` means: everywhere but in production.
    """

    enabled: bool | None = None
