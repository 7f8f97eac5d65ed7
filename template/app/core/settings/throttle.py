"""Settings of the throttling of credentials."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from app.core.settings.types import Seconds, SettingsGroup


class ThrottleSettings(SettingsGroup):
    """How many attempts are free; each one after that must wait twice as long as the last.

    Attributes:
        failures: Failed logins to one account from one client.
        failures_per_account: Failed logins to one account, from wherever.
        failures_per_client: Failed logins, or tokens that are not valid, from one client.
        registrations: Registrations from one client.
        mails: Mails that one client asks for to one address.
        mails_per_recipient: Mails to one address, whoever asks for them.
        mails_per_client: Mails that one client asks for, to whatever addresses.
        max_delay: The longest wait, in seconds.
        max_shared_delay: The longest wait where others may have caused it.
        window: Seconds after the last attempt until all are forgotten.
        known_days: Days for which a client that has logged in is not slowed down by others.
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
