"""One timer for the time limits of many tasks."""

import asyncio

import pytest

from app.core.middleware.time_limit import TimeLimit, TimeLimitError

SECONDS = 0.1


async def work(limit: TimeLimit, seconds: float) -> None:
    with limit:
        await asyncio.sleep(seconds)


async def test_each_task_has_its_own_time() -> None:
    limit, loop = TimeLimit(SECONDS), asyncio.get_running_loop()

    async def last() -> float:
        began = loop.time()
        with pytest.raises(TimeLimitError):
            await work(limit, 60)
        return loop.time() - began

    tasks = []
    for _ in range(3):
        tasks.append(asyncio.create_task(last()))
        await asyncio.sleep(SECONDS / 4)
    async with asyncio.timeout(5):
        assert min(await asyncio.gather(*tasks)) >= SECONDS * 0.95
    assert not limit.began
    assert not limit.expired


async def test_who_is_done_in_time_is_left_alone() -> None:
    limit = TimeLimit(SECONDS)
    await work(limit, 0)
    await asyncio.sleep(SECONDS * 2)
    with pytest.raises(TimeLimitError):
        await work(limit, 60)


async def test_another_cancellation_goes_on() -> None:
    limit = TimeLimit(60)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await work(limit, 60)
    assert not limit.began


async def test_an_error_of_the_work_goes_on() -> None:
    limit = TimeLimit(60)
    with pytest.raises(LookupError), limit:
        raise LookupError
    assert not limit.began


def test_an_event_loop_has_timers_of_its_own() -> None:
    limit = TimeLimit(SECONDS)
    for _ in range(2):
        with pytest.raises(TimeLimitError):
            asyncio.run(work(limit, 60))
        asyncio.run(work(limit, 0))
