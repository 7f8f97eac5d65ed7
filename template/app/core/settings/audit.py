"""Settings of the audit log."""

from pydantic import Field

from app.core.settings.types import SettingsGroup


class AuditSettings(SettingsGroup):
    """How long security events are kept.

    Attributes:
        retention_days: Days after which an event is deleted.
    """

    retention_days: int = Field(default=365, ge=1, le=36_500)
