"""Work that is done again and again, such as deleting what has expired."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Any

import click
import structlog
from fastapi import FastAPI
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.commands import open_sessions, report_errors
from app.core.feature import Feature, Prunable
from app.core.project import ProjectSettings
from app.core.resource.repository import change_part
from app.db.base import now

Work = Callable[[], Awaitable[object]]

LONGEST_PAUSE = 60
PATIENCE = 5
"""Seconds to end a transaction after a cancellation, before it is cancelled again."""
PRUNE_INTERVAL = 3600
"""Seconds between two times: what has expired counts no more, it only takes room."""

logger = structlog.get_logger()


@asynccontextmanager
async def in_background(
    work: Work, interval: float, failure: str, wake: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """Repeat something until the end of the block."""
    task = asyncio.create_task(repeat(work, interval, failure, wake or asyncio.Event()))
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=PATIENCE)


async def repeat(
    work: Work, interval: float, failure: str, wake: asyncio.Event
) -> None:
    """Do something every `interval` seconds, or when woken; a failure is logged.

    While it goes on failing, the pauses become longer: the log must not fill up.
    """
    pause, task = interval, asyncio.current_task()
    # What waits with a time limit may miss its cancellation:
    # https://github.com/python/cpython/issues/86296
    while task and not task.cancelling():
        with suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), pause)
        wake.clear()
        try:
            await work()
            pause = interval
        except Exception:
            logger.exception(failure)
            pause = max(interval, min(2 * pause, LONGEST_PAUSE))


async def prune(
    sessions: async_sessionmaker[AsyncSession],
    tables: Sequence[Prunable],
    settings: object,
) -> None:
    """Delete what is too old, a part at a time."""
    for table in tables:
        is_old = table.column <= now() - table.keep(settings)
        statement, has_more = delete(table.column.class_).where(is_old), True
        while has_more:
            async with sessions.begin() as session:
                has_more = await change_part(session, statement)


def pruning(tables: Sequence[Prunable]) -> Feature:
    """Return the feature that prunes tables in the background, and by a command."""

    @click.command("prune")
    @report_errors
    async def command(settings: ProjectSettings) -> None:
        """Delete what has expired; the application does so by itself now and then."""
        async with open_sessions(settings) as sessions:
            await prune(sessions, tables, settings)
        click.echo("Deleted what has expired.")

    def lifespan(app: FastAPI, settings: Any) -> AbstractAsyncContextManager[None]:
        work = partial(prune, app.state.sessions, tables, settings)
        return in_background(work, PRUNE_INTERVAL, "pruning_failed")

    return Feature(commands=[command], lifespan=lifespan)
