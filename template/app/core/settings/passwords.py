"""Settings of passwords."""

from typing import Self

from pydantic import Field, model_validator

from app.core.settings.types import SettingsGroup

OWASP_MEMORY_KIB = 19456
"""The least for Argon2id with two passes (OWASP Password Storage Cheat Sheet)."""


class PasswordSettings(SettingsGroup):
    """What a new password must be like, and how many are hashed at a time.

    Attributes:
        min_length: Characters that a password has at least.
        max_length: Characters that a password has at most.
        require_mixed_case: Whether it must have lower-case and upper-case letters.
        require_digit: Whether it must have a digit.
        require_symbol: Whether it must have something that is neither letter, digit nor space.
        memory_kib: Memory that hashing a password takes, and with it time: 20 ms by default.
            Production refuses less than the default. A hash made with another amount is replaced
            when its user logs in.
        concurrency: Passwords that are hashed at once; `None` means: as many as there are
            processors, but at most four, shared among the workers.
        max_waiting: Passwords that may wait for their turn; further ones are refused with 503.
        max_waiting_per_client: Those of one client among them, so that none keeps out all others.
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
