"""Counts attempts in the database, so that all processes count together."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import Table, change
from app.core.security.throttle.limits import KNOWN_FOR, WINDOW, Limit, Limits, now
from app.db import dialect
from app.db.base import Base


class Throttle(Base):
    """How often something has failed lately; keys are hashed, so it names nobody.

    Attributes:
        key: Whose attempts at what, such as those of one client at one account.
        account: The account alone, so that all attempts at it can be cleared.
        is_trusted: Whether an attempt has succeeded before.
        expires_at: When it is all forgotten.
    """

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    is_trusted: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RowsAppearedError(Exception):
    """Somebody else has just inserted the same rows: begin again, and they will be there."""


class ThrottleRepository(Table):
    """Reads and writes failed attempts."""

    async def find(self, keys: Iterable[str]) -> Sequence[Throttle]:
        """Read what is known of some keys."""
        statement = select(Throttle).where(Throttle.key.in_(keys))
        return (await self._session.scalars(statement)).all()

    async def lock(self, keys: Iterable[str]) -> dict[str, Throttle]:
        """Read what is known of some keys; others must wait before they do the same.

        All take the locks in the same order, so nobody waits in a circle.
        """
        statement = (
            select(Throttle).where(Throttle.key.in_(keys)).order_by(Throttle.key)
        )
        rows = await self._session.scalars(statement.with_for_update())
        return {row.key: row for row in rows}

    async def add(self, rows: Iterable[Throttle]) -> None:
        """Insert rows.

        Raises:
            RowsAppearedError: If one of them is there by now.
        """
        self._session.add_all(rows)
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise RowsAppearedError from error

    async def clear_accounts(self, accounts: Iterable[str]) -> None:
        """Delete everything about some accounts."""
        await change(
            self._session, delete(Throttle).where(Throttle.account.in_(accounts))
        )


def longest_wait(
    limits: Limits, rows: Mapping[str, Throttle], moment: datetime
) -> float:
    """Return the longest wait by any limit that holds; 0 if there is none."""
    own = rows.get(limits[0].key)
    is_trusted = own is not None and own.is_trusted and own.expires_at > moment
    holding = [limit for limit in limits if not (is_trusted and limit.is_global)]
    waits = [
        wait(limit, rows[limit.key], moment) for limit in holding if limit.key in rows
    ]
    return max([0, *waits])


def wait(limit: Limit, row: Throttle, moment: datetime) -> float:
    """Return the seconds until the next attempt is looked at; 0 or less means now."""
    beyond = row.failures - limit.burst
    if beyond < 0:
        return 0
    delays = limit.delays
    delay = delays[min(beyond, len(delays) - 1)]
    return (row.last_at - moment).total_seconds() + delay


MAX_TRIES = 5


@dataclass(frozen=True)
class ThrottleStore:
    """Counts attempts in rows."""

    sessions: async_sessionmaker[AsyncSession]

    async def wait(self, limits: Limits) -> float:
        """Return the seconds until an attempt is looked at; one query, nothing is written."""
        async with self.sessions.begin() as session:
            await session.connection(execution_options=dialect.READING)
            rows = await ThrottleRepository(session).find(
                [limit.key for limit in limits]
            )
        return longest_wait(limits, {row.key: row for row in rows}, now())

    async def take(self, limits: Limits) -> float:
        """Count an attempt, unless it must wait: then it is not counted.

        Returns:
            The seconds that it must wait; 0 if it is counted.
        """
        for _ in range(MAX_TRIES):
            with suppress(RowsAppearedError):
                async with self.sessions.begin() as session:
                    return await self._count(session, limits)
        return 1

    async def _count(self, session: AsyncSession, limits: Limits) -> float:
        throttles, moment = ThrottleRepository(session), now()
        rows = await throttles.lock([limit.key for limit in limits])
        if (wait := longest_wait(limits, rows, moment)) > 0:
            return wait
        expires_at = moment + WINDOW
        for row in rows.values():
            row.is_trusted = row.is_trusted and row.expires_at > moment
            row.failures = row.failures + 1 if row.last_at + WINDOW > moment else 1
            row.last_at, row.expires_at = moment, max(row.expires_at, expires_at)
        new = [limit for limit in limits if limit.key not in rows]
        await throttles.add(
            Throttle(
                key=limit.key,
                account=limit.account,
                failures=1,
                last_at=moment,
                expires_at=expires_at,
            )
            for limit in sorted(new, key=lambda limit: limit.key)
        )
        return 0

    async def reset(self, session: AsyncSession, limits: Limits) -> None:
        """Take back an attempt that has succeeded; the first limit begins anew, trusted."""
        throttles = ThrottleRepository(session)
        rows = await throttles.lock([limit.key for limit in limits])
        for row in rows.values():
            row.failures = max(0, row.failures - 1)
        if own := rows.get(limits[0].key):
            own.failures, own.is_trusted = 0, True
            own.expires_at = now() + KNOWN_FOR

    async def clear(self, session: AsyncSession, accounts: Sequence[str]) -> None:
        """Begin anew for some accounts."""
        await ThrottleRepository(session).clear_accounts(accounts)


def store_of(state: Any) -> ThrottleStore:
    """Return the store of a running application, by its state."""
    return ThrottleStore(state.sessions)


@asynccontextmanager
async def open_store(
    sessions: async_sessionmaker[AsyncSession], _settings: object
) -> AsyncIterator[ThrottleStore]:
    """Provide the store to a command."""
    yield ThrottleStore(sessions)
