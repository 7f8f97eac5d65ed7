"""Settings of the log."""

from typing import Literal

from app.core.settings.types import SettingsGroup


class LogSettings(SettingsGroup):
    """How the log is written; its level is `LOG_LEVEL`.

    Attributes:
        format: `None` means: JSON in production, readable text elsewhere.
    """

    format: Literal["json", "text"] | None = None
