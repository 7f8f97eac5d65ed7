"""Counts attempts in the database, so that all processes count together."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import change
from app.core.security.throttle.limits import KNOWN_FOR, WINDOW, Limits, now
from app.db import dialect
from app.db.base import Base

MAX_TRIES = 5


class Throttle(Base):
    """How often something has failed lately; keys are hashed, so it names nobody.

    Attributes:
        key: Whose attempts at what, such as those of one client at one account.
        account: The account alone, so that all attempts at it can be cleared.
        is_trusted: Whether an attempt has succeeded before.
    """

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    is_trusted: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


EXPIRING = (Throttle.expires_at,)


@dataclass(frozen=True)
class ThrottleStore:
    """Counts attempts in rows."""

    sessions: async_sessionmaker[AsyncSession]

    async def wait(self, limits: Limits) -> float:
        """Return the seconds until an attempt is looked at, by one query."""
        async with self.sessions.begin() as session:
            dialect.only_read(session)
            return longest_wait(limits, await read_rows(session, limits), now())

    async def take(self, limits: Limits) -> float:
        """Count an attempt and return 0, or return how long it must wait: uncounted."""
        for _ in range(MAX_TRIES):
            # Somebody else has just inserted the same rows; next time, they are there.
            with suppress(IntegrityError):
                async with self.sessions.begin() as session:
                    return await self._count(session, limits)
        return 1

    async def _count(self, session: AsyncSession, limits: Limits) -> float:
        moment, rows = now(), await read_rows(session, limits, lock=True)
        if (wait := longest_wait(limits, rows, moment)) > 0:
            return wait
        new = {"failures": 0, "last_at": moment, "expires_at": moment}
        for limit in sorted(limits, key=lambda limit: limit.key):
            key, account = limit.key, limit.account
            row = rows.get(key) or Throttle(key=key, account=account, **new)
            row.is_trusted = bool(row.is_trusted and row.expires_at > moment)
            row.failures = row.failures + 1 if row.last_at + WINDOW > moment else 1
            row.last_at, row.expires_at = moment, max(row.expires_at, moment + WINDOW)
            session.add(row)
        await session.flush()
        return 0

    async def reset(self, session: AsyncSession, limits: Limits) -> None:
        """Take back a successful attempt; the first limit begins anew, trusted."""
        rows = await read_rows(session, limits, lock=True)
        for row in rows.values():
            row.failures = max(0, row.failures - 1)
        if own := rows.get(limits[0].key):
            own.failures, own.is_trusted = 0, True
            own.expires_at = now() + KNOWN_FOR

    async def clear(self, session: AsyncSession, accounts: Sequence[str]) -> None:
        """Begin anew for some accounts."""
        await change(session, delete(Throttle).where(Throttle.account.in_(accounts)))


async def read_rows(
    session: AsyncSession, limits: Limits, *, lock: bool = False
) -> dict[str, Throttle]:
    """Read rows by their keys; all lock them in one order: nobody waits in a circle."""
    keys = [limit.key for limit in limits]
    statement = select(Throttle).where(Throttle.key.in_(keys)).order_by(Throttle.key)
    if lock:
        statement = statement.with_for_update()
    return {row.key: row for row in await session.scalars(statement)}


def longest_wait(
    limits: Limits, rows: Mapping[str, Throttle], moment: datetime
) -> float:
    """Return the longest wait by any limit that holds; 0 if there is none."""
    own, failures, longest = rows.get(limits[0].key), 0, 0.0
    is_trusted = own is not None and own.is_trusted and own.expires_at > moment
    if own and own.last_at + WINDOW > moment:
        failures = own.failures
    for limit in limits:
        row = rows.get(limit.key)
        if row and not (is_trusted and limit.is_global):
            ago = (moment - row.last_at).total_seconds()
            longest = max(longest, limit.wait(row.failures, failures, ago))
    return longest


def store_of(state: Any) -> ThrottleStore:
    """Return the store of a running application, by its state."""
    return ThrottleStore(state.sessions)


@asynccontextmanager
async def open_store(
    sessions: async_sessionmaker[AsyncSession], _settings: object
) -> AsyncIterator[ThrottleStore]:
    """Provide the store to a command."""
    yield ThrottleStore(sessions)
