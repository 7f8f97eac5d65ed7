"""Slows down guessing, but lets nobody lock somebody else out (ASVS 5.0, 6.1.1).

Attempts at a password are counted before they are tried, so that those made at once
cannot slip through. A burst is free; each further one must wait twice as long.

Where many clients try one account, each waits by its own failures there, times a moment
that grows with the failures of all. So who makes none gets in between the attempts of
others, who run out of addresses; with endless ones, they make ever fewer attempts: at
most 2,800 within an hour.
"""

import hmac
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from pydantic import SecretStr

from app.accounts.crud import UnitOfWork
from app.accounts.errors import LoginThrottledError
from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from app.core.fields.text import fold
from app.core.http.client import ClientInfo
from app.core.security.opaque_tokens import derive_key
from app.core.security.throttle import ThrottleStore
from app.core.security.throttle.limits import Limit, Limits

MAX_DELAY = 900
"""The longest wait, in seconds; it must be shorter than `WINDOW`."""
MAX_GLOBAL_DELAY = 60
"""The longest wait where others may have caused it."""
PACE = 0.001
"""Seconds that a failure above the burst adds to the wait between two attempts."""
MAILS_PER_RECIPIENT, MAILS_PER_CLIENT = 10, 60
"""Mails of a kind to one address, and all that one client asks for, that are free."""


@dataclass(frozen=True)
class ThrottleService:
    """Decides which attempts count together, and refuses those that come too early.

    Without the `secret`, nobody can look up whose attempts are counted.
    """

    store: ThrottleStore
    settings: ThrottleSettings
    secret: SecretStr

    @cached_property
    def _key(self) -> bytes:
        return derive_key(self.secret.get_secret_value(), "throttle")

    def _hash(self, *parts: str) -> str:
        message = "\0".join(parts).encode(errors="backslashreplace")
        return hmac.digest(self._key, message, "sha256").hex()

    def _account(self, login: str) -> str:
        return self._hash("account", fold(login))

    def logins(self, login: str, client: ClientInfo) -> Limits:
        """Limit logins: to an account from a client, to it, and from the client."""
        settings, account = self.settings, self._account(login)
        pair = self._hash("login", account, client.network)
        by_client = self._hash("login from", client.network)
        return (
            Limit(pair, settings.failures, MAX_DELAY, account),
            global_limit(account, settings.failures_per_account, account, PACE),
            global_limit(by_client, settings.failures_per_client),
        )

    def mails(self, purpose: str, recipient: str, client: ClientInfo) -> Limits:
        """Limit mail: to an address from a client, to the address, from the client.

        By purpose: whoever keeps somebody from asking has that same mail sent.
        """
        address = self._hash(purpose, fold(recipient))
        pair = self._hash("mail", address, client.network)
        return (
            Limit(pair, self.settings.mails, MAX_DELAY),
            global_limit(self._hash("mail to", address), MAILS_PER_RECIPIENT),
            global_limit(self._hash("mail from", client.network), MAILS_PER_CLIENT),
        )

    def tokens(self, client: ClientInfo) -> Limits:
        """Limit tokens that are not valid, of whatever kind."""
        key = self._hash("token", client.network)
        return (Limit(key, self.settings.failures_per_client, MAX_GLOBAL_DELAY),)

    def registrations(self, client: ClientInfo) -> Limits:
        """Limit registrations, whether they succeed or not."""
        key = self._hash("register", client.network)
        return (Limit(key, self.settings.registrations, MAX_GLOBAL_DELAY),)

    def reauthentications(self, user_id: UUID) -> Limits:
        """Limit the guesses of somebody who has only got hold of a session."""
        account = self._account(str(user_id))
        key = self._hash("password of", account)
        return (Limit(key, self.settings.failures, MAX_DELAY, account),)

    async def check(self, limits: Limits) -> None:
        """Raise `LoginThrottledError` if an attempt comes too early; count nothing."""
        if (wait := await self.store.wait(limits)) > 0:
            raise LoginThrottledError(wait)

    async def take(self, limits: Limits) -> None:
        """Count an attempt that is about to be made; `reset` it if it succeeds.

        Raises:
            LoginThrottledError: If it comes too early; then it is not counted.
        """
        if (wait := await self.store.take(limits)) > 0:
            raise LoginThrottledError(wait)

    async def reset(self, unit: UnitOfWork, limits: Limits) -> None:
        """Take back a successful attempt; the first limit begins anew, trusted."""
        await self.store.reset(unit.session, limits)

    async def clear(self, unit: UnitOfWork, user: User) -> None:
        """Clear all attempts at a user, by whatever name, who has a new password."""
        names = (user.email, user.username, str(user.id))
        await self.store.clear(unit.session, [self._account(name) for name in names])


def global_limit(
    key: str, burst: int, account: str | None = None, pace: float = 0
) -> Limit:
    """Return a limit that others can use up."""
    return Limit(key, burst, MAX_GLOBAL_DELAY, account, is_global=True, pace=pace)
