"""Slows down guessing, without letting anybody lock somebody else out (ASVS 5.0, 6.1.1).

Attempts at a password are counted before they are tried, so that those made at once
cannot slip through. Each key has some that are free; every further one must wait twice
as long as the last.
"""

import hmac
from uuid import UUID

from pydantic import SecretStr

from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.errors import TooManyRequestsError
from app.accounts.models.account import User
from app.accounts.settings import ThrottleSettings
from app.accounts.throttle.limits import Limit, Limits
from app.accounts.throttle.store import ThrottleStore
from app.core.fields.text import fold
from app.core.http.client import ClientInfo
from app.core.security.opaque_tokens import derive_key


class ThrottleService:
    """Says whose attempts are counted together, and refuses those that come too early.

    Args:
        store: Counts attempts.
        settings: How many attempts are free.
        secret: The application's: without it, nobody can look up whose attempts are
            counted.
    """

    def __init__(
        self, store: ThrottleStore, settings: ThrottleSettings, secret: SecretStr
    ) -> None:
        self._store = store
        self._settings = settings
        self._key = derive_key(secret.get_secret_value(), "throttle")

    def _hash(self, *parts: str) -> str:
        message = "\0".join(parts).encode(errors="backslashreplace")
        return hmac.digest(self._key, message, "sha256").hex()

    def _account(self, login: str) -> str:
        return self._hash("account", fold(login))

    def logins(self, login: str, origin: ClientInfo) -> Limits:
        """Limit logins: to an account from a client, to the account, and from the client."""
        settings, account = self._settings, self._account(login)
        pair = self._hash("login", account, origin.network)
        client = self._hash("login from", origin.network)
        shared = settings.max_shared_delay
        return (
            Limit(pair, settings.failures, settings.max_delay, account),
            Limit(
                account, settings.failures_per_account, shared, account, is_shared=True
            ),
            Limit(client, settings.failures_per_client, shared, is_shared=True),
        )

    def mails(self, recipient: str, origin: ClientInfo) -> Limits:
        """Limit mail that is asked for: to an address from a client, to the address, from the client.

        It is the same for addresses that are nobody's.
        """
        settings, shared, address = (
            self._settings,
            self._settings.max_shared_delay,
            fold(recipient),
        )
        pair = self._hash("mail", address, origin.network)
        to, client = (
            self._hash("mail to", address),
            self._hash("mail from", origin.network),
        )
        return (
            Limit(pair, settings.mails, settings.max_delay),
            Limit(to, settings.mails_per_recipient, shared, is_shared=True),
            Limit(client, settings.mails_per_client, shared, is_shared=True),
        )

    def tokens(self, origin: ClientInfo) -> Limits:
        """Limit tokens that are not valid, of whatever kind."""
        key = self._hash("token", origin.network)
        return (
            Limit(
                key, self._settings.failures_per_client, self._settings.max_shared_delay
            ),
        )

    def registrations(self, origin: ClientInfo) -> Limits:
        """Limit registrations, whether they succeed or not."""
        key = self._hash("register", origin.network)
        return (
            Limit(key, self._settings.registrations, self._settings.max_shared_delay),
        )

    def reauthentications(self, user_id: UUID) -> Limits:
        """Limit the guesses of somebody who has only got hold of a session."""
        account = self._account(str(user_id))
        key = self._hash("password of", account)
        return (Limit(key, self._settings.failures, self._settings.max_delay, account),)

    async def check(self, limits: Limits) -> None:
        """Refuse an attempt that comes too early; it is not counted.

        Raises:
            TooManyRequestsError: If it does.
        """
        refuse_early(await self._store.wait(limits))

    async def allows(self, limits: Limits) -> bool:
        """Tell whether an attempt would be refused by none of some limits; it is not counted."""
        return await self._store.wait(limits) <= 0

    async def take(self, limits: Limits) -> None:
        """Count an attempt that is about to be made; `forgive` it if it succeeds.

        Raises:
            TooManyRequestsError: If it comes too early; then it is not counted.
        """
        refuse_early(await self._store.take(limits))

    async def forgive(self, unit: UnitOfWork, limits: Limits) -> None:
        """Take back an attempt that has succeeded; the first limit begins anew, and is known."""
        await self._store.forgive(unit, limits)

    async def forget(self, unit: UnitOfWork, user: User) -> None:
        """Begin anew for a user, by whatever name: whoever has set the password is the owner."""
        names = (user.email, user.username, str(user.id))
        await self._store.forget(unit, [self._account(name) for name in names])


def refuse_early(wait: float) -> None:
    """Refuse an attempt that must wait.

    Raises:
        TooManyRequestsError: If it must.
    """
    if wait > 0:
        raise TooManyRequestsError(wait)
