"""Slows down guessing, without letting anybody lock somebody else out (ASVS 5.0, 6.1.1).

Attempts at a password are counted before they are tried, so that those made at once cannot slip
through. Each key has some that are free; every further one must wait twice as long as the last.
"""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import SecretStr

from app.core.security.errors import TooManyRequestsError
from app.core.security.opaque_tokens import derive_key
from app.core.security.origin import Origin
from app.core.settings.throttle import ThrottleSettings
from app.core.text import fold
from app.crud.throttle import RowsAppearedError
from app.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.models.throttle import Throttle
from app.models.user import User

MAX_EXPONENT = 20
MAX_TRIES = 5


@dataclass(frozen=True)
class Limit:
    """How often something may fail.

    Attributes:
        key: Whose attempts at what are counted together, hashed.
        free: Attempts that need not wait.
        max_delay: The longest wait, in seconds.
        account: The account that is tried, hashed.
        is_shared: Whether others can use it up: it does not hold for who has succeeded before.
    """

    key: str
    free: int
    max_delay: float
    account: str | None = None
    is_shared: bool = False

    def wait(self, row: Throttle, moment: datetime) -> float:
        """Give the seconds until the next attempt is looked at; 0 or less means now."""
        beyond = row.failures - self.free
        if beyond < 0:
            return 0
        delay = min(self.max_delay, 2.0 ** min(beyond, MAX_EXPONENT))
        return (row.last_at - moment).total_seconds() + delay


Limits = Sequence[Limit]


class ThrottleService:
    """Counts attempts in the database, so that all processes count together.

    Args:
        begin: Begins a unit of work.
        settings: How many attempts are free.
        secret: The application's: without it, nobody can look up whose attempts a row counts.
    """

    def __init__(
        self, begin: UnitOfWorkFactory, settings: ThrottleSettings, secret: SecretStr
    ) -> None:
        self._begin = begin
        self._settings = settings
        self._key = derive_key(secret.get_secret_value(), "throttle")

    def _hash(self, *parts: str) -> str:
        message = "\0".join(parts).encode(errors="backslashreplace")
        return hmac.digest(self._key, message, "sha256").hex()

    def _account(self, login: str) -> str:
        return self._hash("account", fold(login))

    def logins(self, login: str, origin: Origin) -> Limits:
        """Limit logins: to an account from a client, to the account, and from the client."""
        settings, account = self._settings, self._account(login)
        pair = self._hash("login", account, origin.network)
        client = self._hash("login from", origin.network)
        shared = settings.max_shared_delay
        return (
            Limit(pair, settings.failures, settings.max_delay, account),
            Limit(account, settings.failures_per_account, shared, account, is_shared=True),
            Limit(client, settings.failures_per_client, shared, is_shared=True),
        )

    def refreshes(self, origin: Origin) -> Limits:
        """Limit refresh tokens that are not valid."""
        key = self._hash("refresh", origin.network)
        return (Limit(key, self._settings.failures_per_client, self._settings.max_shared_delay),)

    def registrations(self, origin: Origin) -> Limits:
        """Limit registrations, whether they succeed or not."""
        key = self._hash("register", origin.network)
        return (Limit(key, self._settings.registrations, self._settings.max_shared_delay),)

    def reauthentications(self, user_id: UUID) -> Limits:
        """Limit the guesses of somebody who has only got hold of a session."""
        account = self._account(str(user_id))
        key = self._hash("password of", account)
        return (Limit(key, self._settings.failures, self._settings.max_delay, account),)

    async def check(self, limits: Limits) -> None:
        """Refuse an attempt that comes too early; costs one query and writes nothing.

        Raises:
            TooManyRequestsError: If it does.
        """
        async with self._begin(reading=True) as unit:
            rows = await unit.throttles.find([limit.key for limit in limits])
        refuse_early(limits, {row.key: row for row in rows}, datetime.now(UTC))

    async def take(self, limits: Limits) -> None:
        """Count an attempt that is about to be made; `forgive` it if it succeeds.

        Raises:
            TooManyRequestsError: If it comes too early; then it is not counted.
        """
        for _ in range(MAX_TRIES):
            with suppress(RowsAppearedError):
                async with self._begin() as unit:
                    await self._count(unit, limits)
                return
        raise TooManyRequestsError(1)

    async def _count(self, unit: UnitOfWork, limits: Limits) -> None:
        rows = await unit.throttles.lock([limit.key for limit in limits])
        moment = datetime.now(UTC)
        refuse_early(limits, rows, moment)
        window = timedelta(seconds=self._settings.window)
        expires_at = moment + window
        for row in rows.values():
            row.is_known = row.is_known and row.expires_at > moment
            row.failures = row.failures + 1 if row.last_at + window > moment else 1
            row.last_at, row.expires_at = moment, max(row.expires_at, expires_at)
        new = [limit for limit in limits if limit.key not in rows]
        await unit.throttles.add(
            Throttle(
                key=limit.key,
                account=limit.account,
                failures=1,
                last_at=moment,
                expires_at=expires_at,
            )
            for limit in sorted(new, key=lambda limit: limit.key)
        )

    async def forgive(self, unit: UnitOfWork, limits: Limits) -> None:
        """Take back an attempt that has succeeded; the first limit begins anew, and is known."""
        rows = await unit.throttles.lock([limit.key for limit in limits])
        for row in rows.values():
            row.failures = max(0, row.failures - 1)
        if own := rows.get(limits[0].key):
            own.failures, own.is_known = 0, True
            own.expires_at = datetime.now(UTC) + timedelta(days=self._settings.known_days)

    async def forget(self, unit: UnitOfWork, user: User) -> None:
        """Begin anew for a user, by whatever name: whoever has set the password is the owner."""
        names = (user.email, user.username, str(user.id))
        await unit.throttles.forget_account([self._account(name) for name in names])


def refuse_early(limits: Limits, rows: dict[str, Throttle], moment: datetime) -> None:
    """Refuse an attempt that comes too early by any limit that holds for it.

    Raises:
        TooManyRequestsError: If it does.
    """
    own = rows.get(limits[0].key)
    is_known = own is not None and own.is_known and own.expires_at > moment
    holding = [limit for limit in limits if not (is_known and limit.is_shared)]
    waits = [limit.wait(rows[limit.key], moment) for limit in holding if limit.key in rows]
    if (wait := max(waits, default=0)) > 0:
        raise TooManyRequestsError(wait)
