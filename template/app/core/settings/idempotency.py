"""Settings of requests that may be repeated."""

from datetime import timedelta

from pydantic import Field

from app.core.settings.types import Seconds, SettingsGroup


class IdempotencySettings(SettingsGroup):
    """How long the answers to keys are kept.

    Attributes:
        hours: Hours for which a request with the same `Idempotency-Key` gets the same answer.
        prune_interval: Seconds between two clean-ups of keys that have expired.
    """

    hours: float = Field(default=24, gt=0, le=8760)
    prune_interval: Seconds = 3600

    @property
    def lifetime(self) -> timedelta:
        """How long an answer is kept."""
        return timedelta(hours=self.hours)
