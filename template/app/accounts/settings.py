"""Settings of the throttling of credentials."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import Field, PositiveInt, model_validator

from app.core.settings import Seconds, SettingsGroup


class AccountSettings(SettingsGroup):
    """Who may log in, and how long a login lasts.

    Attributes:
        require_verified: Whether users must have verified their address before they can
            log in.
        idle_days: Days after which a session ends that is not used.
        session_days: Days after which a session ends, however often it was used.
        max_sessions: Sessions that a user can have; a further login ends the oldest.
        fresh_minutes: Minutes after a login during which its user may delete the
            account.
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


class AuditSettings(SettingsGroup):
    """How long security events are kept.

    Attributes:
        retention_days: Days after which an event is deleted.
    """

    retention_days: int = Field(default=365, ge=1, le=36_500)


OWASP_MEMORY_KIB = 19456
"""The least for Argon2id with two passes (OWASP Password Storage Cheat Sheet)."""


class PasswordSettings(SettingsGroup):
    """What a new password must be like, and how many are hashed at a time.

    Attributes:
        min_length: Characters that a password has at least.
        max_length: Characters that a password has at most.
        require_mixed_case: Whether it must have lower-case and upper-case letters.
        require_digit: Whether it must have a digit.
        require_symbol: Whether it must have something that is neither letter, digit nor
            space.
        memory_kib: Memory that hashing a password takes, and with it time: 20 ms by
            default.
            Production refuses less than the default. A hash made with another amount is
            replaced when its user logs in.
        concurrency: Passwords that are hashed at once; `None` means: as many as there
            are processors, but at most four, shared among the workers.
        max_waiting: Passwords that may wait for their turn; further ones are refused
            with 503.
        max_waiting_per_client: Those of one client among them, so that none keeps out
            all others.
    """

    min_length: int = Field(default=12, ge=8, le=128)
    max_length: int = Field(default=128, ge=64, le=256)
    require_mixed_case: bool = False
    require_digit: bool = False
    require_symbol: bool = False
    memory_kib: int = Field(default=OWASP_MEMORY_KIB, ge=8, le=2**20)
    concurrency: int | None = Field(default=None, ge=1)
    max_waiting: int = Field(default=100, ge=1)
    max_waiting_per_client: int = Field(default=50, ge=1)

    @model_validator(mode="after")
    def _leave_room_between_the_bounds(self) -> Self:
        if self.min_length > self.max_length:
            raise ValueError("min_length must not be above max_length")
        return self


class ThrottleSettings(SettingsGroup):
    """How many attempts are free; each one after that must wait twice as long as the last.

    Attributes:
        failures: Failed logins to one account from one client.
        failures_per_account: Failed logins to one account, from wherever.
        failures_per_client: Failed logins, or tokens that are not valid, from one
            client.
        registrations: Registrations from one client.
        mails: Mails that one client asks for to one address.
        mails_per_recipient: Mails to one address, whoever asks for them.
        mails_per_client: Mails that one client asks for, to whatever addresses.
        max_delay: The longest wait, in seconds.
        max_shared_delay: The longest wait where others may have caused it.
        window: Seconds after the last attempt until all are forgotten.
        known_days: Days for which a client that has logged in is not slowed down by
            others.
    """

    failures: PositiveInt = 10
    failures_per_account: PositiveInt = 100
    failures_per_client: PositiveInt = 100
    registrations: PositiveInt = 60
    mails: PositiveInt = 3
    mails_per_recipient: PositiveInt = 10
    mails_per_client: PositiveInt = 60
    max_delay: Seconds = 900
    max_shared_delay: Seconds = 60
    window: Seconds = 3600
    known_days: int = Field(default=90, ge=1, le=3650)

    @model_validator(mode="after")
    def _forget_after_the_longest_wait(self) -> Self:
        """Whoever has waited would have all the free attempts again otherwise."""
        if self.window <= max(self.max_delay, self.max_shared_delay):
            raise ValueError("window must be above max_delay and max_shared_delay")
        return self
