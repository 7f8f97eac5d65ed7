"""Counting in memory: its windows, and its end."""

import pytest
from fastapi import FastAPI

from app.core.rate_limit.limits import Policy, parse_limits
from app.core.rate_limit.memory import MemoryStore, make_store


class Clock:
    """A clock that stands still until a test moves it."""

    now = 0.0

    def __call__(self) -> float:
        """Give the time that it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


def policy(limits: str, name: str = "default") -> Policy:
    return Policy(name, parse_limits(limits))


async def allowed(store: MemoryStore, rule: Policy, caller: str, times: int) -> int:
    return sum([(await store.hit(rule, caller)).wait is None for _ in range(times)])


async def test_a_limit_cannot_be_used_twice_where_two_windows_meet(
    clock: Clock,
) -> None:
    store, rule = MemoryStore(clock=clock), policy("10/minute")
    clock.now = 59
    assert await allowed(store, rule, "ada", 20) == 10
    clock.now = 61
    assert await allowed(store, rule, "ada", 20) == 0
    clock.now = 60 + 30
    assert await allowed(store, rule, "ada", 20) == 5
    clock.now = 180
    assert await allowed(store, rule, "ada", 20) == 10


async def test_the_longest_of_all_waits_counts(clock: Clock) -> None:
    store, rule = MemoryStore(clock=clock), policy("1/second;2/minute")
    for clock.now in (59.0, 61.0):
        assert await allowed(store, rule, "ada", 1) == 1
    verdict = await store.hit(rule, "ada")
    assert verdict.wait == 59
    assert verdict.left == [(0, 1), (pytest.approx(2 - 1 - 59 / 60), 59)]


async def test_callers_that_stay_away_are_forgotten(clock: Clock) -> None:
    store, rule = MemoryStore(clock=clock), policy("10/minute;20/hour")
    for number in range(100):
        await store.hit(rule, f"caller {number}")
    clock.now = 3 * 3600
    await store.hit(rule, "ada")
    sizes = [(len(one.previous), len(one.current)) for one in store.windows["default"]]
    assert sizes == [(0, 1), (0, 1)]


async def test_a_flood_of_callers_fills_the_memory_no_further(clock: Clock) -> None:
    store, rule = MemoryStore(max_keys=10, clock=clock), policy("2/minute")
    assert await allowed(store, rule, "ada", 2) == 2
    for number in range(1000):
        assert await allowed(store, rule, f"caller {number}", 1) == 1
    (window,) = store.windows["default"]
    assert len(window.current) == 10
    assert await allowed(store, rule, "ada", 1) == 0, (
        "who was there before is not forgotten"
    )


async def test_policies_are_counted_apart(clock: Clock) -> None:
    store = MemoryStore(clock=clock)
    for rule in (policy("1/minute"), policy("1/minute", "reports")):
        assert await allowed(store, rule, "ada", 2) == 1


async def test_applications_count_apart() -> None:
    for _ in range(2):
        assert await allowed(make_store(FastAPI()), policy("1/minute"), "ada", 2) == 1
