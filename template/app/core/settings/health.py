"""Settings of the health checks."""

from app.core.settings.types import Seconds, SettingsGroup


class HealthSettings(SettingsGroup):
    """How long the readiness probe waits.

    Attributes:
        timeout: Seconds that each check may take.
    """

    timeout: Seconds = 2
