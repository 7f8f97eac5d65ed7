"""Settings of the health checks."""

from pydantic import BaseModel

from app.core.settings.types import Seconds


class HealthSettings(BaseModel):
    """How long the readiness probe waits.

    Attributes:
        timeout: Seconds that each check may take.
    """

    timeout: Seconds = 2
