"""Counts attempts in the database, so that all processes count together."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.accounts.crud.unit_of_work import (
    UnitOfWork,
    UnitOfWorkFactory,
    unit_of_work_factory,
)
from app.accounts.settings import ThrottleSettings
from app.accounts.throttle.limits import Limit, Limits, now
from app.accounts.throttle.rows import RowsAppearedError, Throttle


def longest_wait(
    limits: Limits, rows: Mapping[str, Throttle], moment: datetime
) -> float:
    """Give the longest wait by any limit that holds; 0 if there is none."""
    own = rows.get(limits[0].key)
    is_known = own is not None and own.is_known and own.expires_at > moment
    holding = [limit for limit in limits if not (is_known and limit.is_shared)]
    waits = [
        wait(limit, rows[limit.key], moment) for limit in holding if limit.key in rows
    ]
    return max([0, *waits])


def wait(limit: Limit, row: Throttle, moment: datetime) -> float:
    """Give the seconds until the next attempt is looked at; 0 or less means now."""
    beyond = row.failures - limit.free
    if beyond < 0:
        return 0
    delays = limit.delays
    delay = delays[min(beyond, len(delays) - 1)]
    return (row.last_at - moment).total_seconds() + delay


MAX_TRIES = 5

__all__ = ["ThrottleStore", "open_store", "store_of"]


class ThrottleStore:
    """Counts attempts in rows.

    Args:
        begin: Begins a unit of work.
        settings: How long attempts are remembered.
    """

    def __init__(self, begin: UnitOfWorkFactory, settings: ThrottleSettings) -> None:
        self._begin = begin
        self._settings = settings

    async def wait(self, limits: Limits) -> float:
        """Give the seconds until an attempt is looked at; costs one query and writes nothing."""
        async with self._begin(reading=True) as unit:
            rows = await unit.throttles.find([limit.key for limit in limits])
        return longest_wait(limits, {row.key: row for row in rows}, now())

    async def take(self, limits: Limits) -> float:
        """Count an attempt, unless it must wait: then it is not counted.

        Returns:
            The seconds that it must wait; 0 if it is counted.
        """
        for _ in range(MAX_TRIES):
            with suppress(RowsAppearedError):
                async with self._begin() as unit:
                    return await self._count(unit, limits)
        return 1

    async def _count(self, unit: UnitOfWork, limits: Limits) -> float:
        rows = await unit.throttles.lock([limit.key for limit in limits])
        moment = now()
        if (wait := longest_wait(limits, rows, moment)) > 0:
            return wait
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
        return 0

    async def forgive(self, unit: UnitOfWork, limits: Limits) -> None:
        """Take back an attempt that has succeeded; the first limit begins anew, and is known."""
        rows = await unit.throttles.lock([limit.key for limit in limits])
        for row in rows.values():
            row.failures = max(0, row.failures - 1)
        if own := rows.get(limits[0].key):
            own.failures, own.is_known = 0, True
            own.expires_at = now() + timedelta(days=self._settings.known_days)

    async def forget(self, unit: UnitOfWork, accounts: Sequence[str]) -> None:
        """Begin anew for some accounts."""
        await unit.throttles.forget_account(accounts)


def store_of(state: Any, settings: ThrottleSettings) -> ThrottleStore:
    """Give the store of a running application, by its state."""
    return ThrottleStore(unit_of_work_factory(state.sessions), settings)


class StoreSettings(Protocol):
    """What a command must know of the settings."""

    throttle: ThrottleSettings


@asynccontextmanager
async def open_store(
    begin: UnitOfWorkFactory, settings: StoreSettings
) -> AsyncIterator[ThrottleStore]:
    """Give the store to a command."""
    yield ThrottleStore(begin, settings.throttle)
