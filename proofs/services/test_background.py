"""Work that is done again and again."""

import asyncio
from contextlib import suppress

from app.core.background import in_background


async def test_work_goes_on_after_a_failure() -> None:
    times = 0
    done = asyncio.Event()

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise ConnectionRefusedError
        done.set()

    async with in_background(work, 0.001, "work_failed"):
        await asyncio.wait_for(done.wait(), 5)
    assert times >= 2


async def test_work_ends_with_its_block() -> None:
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1

    async with in_background(work, 0.001, "work_failed"):
        await asyncio.sleep(0.02)
    ended_after = times
    await asyncio.sleep(0.02)
    assert times == ended_after > 0


async def test_the_end_of_a_transaction_is_waited_for() -> None:
    begun, ended = asyncio.Event(), False

    async def work() -> None:
        nonlocal ended
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.3)
            ended = True

    async with in_background(work, 0.001, "work_failed"):
        await begun.wait()
    assert ended


async def test_work_that_misses_its_cancellation_is_not_done_again() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        with suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(2), in_background(work, 0.001, "work_failed"):
        await begun.wait()
