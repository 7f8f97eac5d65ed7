"""Work that is done again and again for as long as the application runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

Work = Callable[[], Awaitable[object]]

LONGEST_PAUSE = 60
PATIENCE = 5
"""Seconds to end a transaction after a cancellation, before it is cancelled again."""

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
