"""Work that is done again and again for as long as the application runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

logger = structlog.get_logger()

Work = Callable[[], Awaitable[object]]

LONGEST_PAUSE = 60


async def repeat(work: Work, interval: float, failure: str) -> None:
    """Do something every `interval` seconds; a failure is logged, and the next time comes.

    While it goes on failing, the pauses become longer: the log must not fill up.

    Args:
        work: What to do.
        interval: Seconds between two times.
        failure: What a failure is called in the log.
    """
    pause = interval
    while True:
        await asyncio.sleep(pause)
        try:
            await work()
            pause = interval
        except Exception:
            logger.exception(failure)
            pause = max(interval, min(2 * pause, LONGEST_PAUSE))


@asynccontextmanager
async def in_background(work: Work, interval: float, failure: str) -> AsyncIterator[None]:
    """Repeat something until the end of the block."""
    task = asyncio.create_task(repeat(work, interval, failure))
    try:
        yield
    finally:
        # Whoever waits with a time limit may miss it: https://github.com/python/cpython/issues/86296
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=0.1)
