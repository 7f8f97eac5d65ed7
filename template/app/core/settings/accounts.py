"""Settings of accounts and their sessions."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from app.core.settings.types import Seconds, SettingsGroup


class AccountSettings(SettingsGroup):
    """Who may log in, and how long a login lasts.

    Attributes:
        require_verified: Whether users must have verified their address before they can log in.
        idle_days: Days after which a session ends that is not used.
        session_days: Days after which a session ends, however often it was used.
        max_sessions: Sessions that a user can have; a further login ends the oldest.
        fresh_minutes: Minutes after a login during which its user may delete the account.
        prune_interval: Seconds between two clean-ups of what has expired.
    """

    require_verified: bool = False
    idle_days: float = Field(default=7, gt=0, le=365)
    session_days: float = Field(default=30, gt=0, le=365)
    max_sessions: int = Field(default=50, ge=1)
    fresh_minutes: float = Field(default=10, gt=0, le=1440)
    prune_interval: Seconds = 3600

    @model_validator(mode="after")
    def _keep_idle_within_session(self) -> Self:
        if self.idle_days > self.session_days:
            raise ValueError("idle_days must not be above session_days")
        return self

    def expiry(self, created_at: datetime, used_at: datetime) -> datetime:
        """Tell when a session ends that began at one moment and was last used at another."""
        idle = used_at + timedelta(days=self.idle_days)
        return min(idle, created_at + self.session_lifetime)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a session lives at most."""
        return timedelta(days=self.session_days)

    @property
    def fresh_lifetime(self) -> timedelta:
        """How long a login counts as fresh."""
        return timedelta(minutes=self.fresh_minutes)
