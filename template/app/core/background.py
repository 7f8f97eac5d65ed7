"""Work that is done again and again for as long as the application runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

logger = structlog.get_logger()

Work = Callable[[], Awaitable[object]]

LONGEST_PAUSE = 60
PATIENCE = 5
"""Seconds to end a transaction after a cancellation, before it is cancelled again."""


async def repeat(work: Work, interval: float, failure: str) -> None:
    """Do something every `interval` seconds; a failure is logged, and it goes on.

    While it goes on failing, the pauses become longer: the log must not fill up.

    Args:
        work: What to do.
        interval: Seconds between two times.
        failure: What a failure is called in the log.
    """
    pause, task = interval, asyncio.current_task()
    # What waits with a time limit may miss its cancellation:
    # https://github.com/python/cpython/issues/86296
    while task and not task.cancelling():
        await asyncio.sleep(pause)
        try:
            await work()
            pause = interval
        except Exception:
            logger.exception(failure)
            pause = max(interval, min(2 * pause, LONGEST_PAUSE))


@asynccontextmanager
async def in_background(
    work: Work, interval: float, failure: str
) -> AsyncIterator[None]:
    """Repeat something until the end of the block."""
    task = asyncio.create_task(repeat(work, interval, failure))
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=PATIENCE)
