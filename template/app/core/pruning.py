"""Deletes what has expired, now and then."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import InstrumentedAttribute

from app.core.background import in_background
from app.core.resource.repository import change
from app.db.base import now

PRUNE_INTERVAL = 3600
"""Seconds between two times: what has expired counts no more, it only takes room."""


@dataclass(frozen=True)
class Prunable:
    """A table whose rows are deleted when they are too old.

    Attributes:
        column: When a row expires, or when it was made.
        keep: How long rows are kept after that, by the settings.
    """

    column: InstrumentedAttribute[datetime]
    keep: Callable[[Any], timedelta] = lambda _settings: timedelta(0)


async def prune(
    sessions: async_sessionmaker[AsyncSession],
    tables: Sequence[Prunable],
    settings: object,
) -> None:
    """Delete what is too old, in a transaction for each table."""
    for table in tables:
        async with sessions.begin() as session:
            is_old = table.column <= now() - table.keep(settings)
            await change(session, delete(table.column.class_).where(is_old))


def run_pruning(
    sessions: async_sessionmaker[AsyncSession],
    tables: Sequence[Prunable],
    settings: object,
) -> AbstractAsyncContextManager[None]:
    """Prune in the background, until the end of the block."""
    work = partial(prune, sessions, tables, settings)
    return in_background(work, PRUNE_INTERVAL, "pruning_failed")
