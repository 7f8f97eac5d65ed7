"""One timer for the time limits of many tasks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core.http.time_limit import TimeLimit, TimeLimitError

SECONDS = 0.1


async def work(limit: TimeLimit, seconds: float) -> None:
    with limit():
        await asyncio.sleep(seconds)


def left(limit: TimeLimit) -> int:
    return len(limit.clock.began) if limit.clock else 0


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
    assert left(limit) == 0


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
    assert left(limit) == 0


async def test_an_error_of_the_work_goes_on() -> None:
    limit = TimeLimit(60)
    with pytest.raises(LookupError), limit():
        raise LookupError
    assert left(limit) == 0


async def test_of_two_limits_in_one_task_each_holds() -> None:
    limit = TimeLimit(SECONDS)

    async def nested() -> None:
        with limit():
            await work(limit, 0)
            await asyncio.sleep(60)

    with pytest.raises(TimeLimitError):
        await nested()
    assert left(limit) == 0


def test_event_loops_have_timers_of_their_own() -> None:
    limit = TimeLimit(SECONDS)
    with ThreadPoolExecutor(2) as executor:
        runs = [executor.submit(asyncio.run, work(limit, 60)) for _ in range(2)]
    assert all(isinstance(run.exception(), TimeLimitError) for run in runs)
    asyncio.run(work(limit, 0))


def test_work_that_is_thrown_away_is_forgotten() -> None:
    limit, loop = TimeLimit(SECONDS), asyncio.new_event_loop()
    waiting = work(limit, 60)
    task = loop.create_task(waiting)
    loop.run_until_complete(asyncio.sleep(0))
    assert left(limit) == 1
    waiting.close()
    assert left(limit) == 0
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()
