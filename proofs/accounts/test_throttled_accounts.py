"""An account that many clients try: its user gets in, and guesses stay few."""

import math

import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from app.accounts.throttle import MAX_GLOBAL_DELAY, PACE, global_limit
from proofs.accounts.calls import attempt
from proofs.accounts.guesses import HOME, WRONG, client_at, statuses
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.users import PASSWORD

BURST = 4


@pytest.fixture
def attacked(serve: Serve, clock: Clock) -> FastAPI:  # noqa: ARG001
    """Give an application in which the ceiling of an account is low."""
    return serve(throttle=ThrottleSettings(failures_per_account=BURST))


def address(number: int) -> str:
    """Give an address of an attacker."""
    return f"203.0.{number // 250}.{number % 250}"


async def guess(app: FastAPI, login: str, number: int) -> int:
    """Guess from an attacker's address."""
    async with client_at(app, address(number)) as client:
        return (await attempt(client, login, WRONG)).status_code


async def get_in(
    app: FastAPI, user: User, clock: Clock, *passwords: str, new: bool
) -> float:
    """Give how long the victim needs, while somebody guesses twice a second."""
    began, left, number = clock.moment, list(passwords), 100
    until = began
    async with client_at(app, HOME) as victim:
        while left:
            number += 1
            await guess(app, user.username, number if new else number % 5)
            clock.forward(0.4)
            if clock.moment >= until:
                answer = await attempt(victim, user.username, left[0])
                if answer.status_code == 429:
                    clock.forward(int(answer.headers["Retry-After"]) - 1)
                else:
                    left.pop(0)
            clock.forward(0.1)
            assert (clock.moment - began).total_seconds() < 75
    assert answer.status_code == 200
    return (clock.moment - began).total_seconds()


@pytest.mark.parametrize("new", [False, True], ids=["the same", "new"])
@pytest.mark.parametrize("mistakes", [0, 1, 2])
async def test_a_victim_at_a_new_address_gets_in_while_many_clients_go_on(
    attacked: FastAPI, user: User, clock: Clock, mistakes: int, new: bool
) -> None:
    for number in range(20):
        await guess(attacked, user.username, number)
    passwords = [*[WRONG] * mistakes, PASSWORD]
    assert await get_in(attacked, user, clock, *passwords, new=new) < 10


async def test_clients_that_come_back_wait_by_their_own_failures(
    attacked: FastAPI, user: User, clock: Clock
) -> None:
    looked_at = 0
    for number in range(300):
        looked_at += await guess(attacked, user.username, number % 3) == 401
        clock.forward(0.1)
    # Three addresses, each of which waits twice as long after each failure.
    assert looked_at <= 3 * 15


async def test_ever_new_clients_make_ever_fewer_guesses(
    monkeypatch: pytest.MonkeyPatch, attacked: FastAPI, user: User, clock: Clock
) -> None:
    pace, seconds, looked_at = 0.1, 30, 0
    monkeypatch.setattr("app.accounts.throttle.PACE", pace)
    for number in range(seconds * 4):
        looked_at += await guess(attacked, user.username, number) == 401
        clock.forward(0.25)
    assert looked_at <= BURST + math.sqrt(2 * seconds / pace) + 1


async def test_guesses_at_once_from_many_addresses_are_counted_one_by_one(
    attacked: FastAPI, user: User
) -> None:
    found = [await guess(attacked, user.username, number) for number in range(12)]
    assert found == [401] * BURST + [429] * 8


async def test_no_password_is_hashed_for_who_must_wait(
    attacked: FastAPI, user: User, verifications: list[bool]
) -> None:
    for number in range(BURST):
        await guess(attacked, user.username, number)
    async with client_at(attacked, HOME) as client:
        assert await statuses(client, user.username, PASSWORD) == [429]
    assert len(verifications) == BURST


async def test_unknown_accounts_wait_alike(
    attacked: FastAPI, user: User, clock: Clock
) -> None:
    seen = []
    for login in (user.username, "nobody"):
        found = []
        for number in range(24):
            found.append(await guess(attacked, login, number % 6))
            clock.forward(0.004)
        seen.append(found)
    assert seen[0] == seen[1]
    assert {401, 429} == set(seen[0][BURST:])


async def test_one_address_does_not_try_many_accounts_any_faster(
    serve: Serve, clock: Clock
) -> None:
    app, looked_at = serve(throttle=ThrottleSettings(failures_per_client=2)), 0
    async with client_at(app, HOME) as client:
        for number in range(60):
            looked_at += await statuses(client, f"nobody{number}", WRONG) == [401]
            clock.forward(0.5)
    assert looked_at <= 2 + math.log2(30) + 1


@pytest.mark.parametrize(
    ("failures", "own", "wait"),
    [
        (BURST - 1, 9, 0),
        (BURST, 0, 0.001),
        (BURST + 999, 0, 1),
        (BURST + 999, 3, 8),
        (BURST + 999, 2_000_000_000, MAX_GLOBAL_DELAY),
        (2_000_000_000, 0, MAX_GLOBAL_DELAY),
    ],
)
def test_the_wait_grows_with_all_failures_and_with_one_s_own(
    failures: int, own: int, wait: float
) -> None:
    limit = global_limit("", BURST, "", PACE)
    assert limit.wait(failures, own, ago=0) == pytest.approx(wait)
