"""What the throttling remembers, and when it forgets."""

import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from app.accounts.models import User
from app.accounts.settings import AuditSettings, ThrottleSettings
from app.accounts.throttle import MAX_DELAY, MAX_GLOBAL_DELAY
from app.core.security.throttle.limits import WINDOW
from proofs.accounts.calls import attempt, change_password
from proofs.fixtures.accounts import Clock, Serve, operator_of
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn

WRONG, NEW = "a-wrong-password", "Seven-Chairs-In-A-Row"
DAY = 86_400


async def test_a_known_client_is_forgotten_in_the_end(
    serve: Serve, user: User, clock: Clock
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_account=2))
    home = client_key(app, client=("198.51.100.1", 50000))
    away = client_key(app, client=("203.0.113.9", 50000))
    assert (await attempt(home, user.username)).status_code == 200
    clock.forward(90 * DAY)
    statuses = [(await attempt(home, user.username, WRONG)).status_code]
    statuses += [
        (await attempt(away, user.username, WRONG)).status_code for _ in range(2)
    ]
    statuses += [(await attempt(home, user.username)).status_code]
    assert statuses == [401, 401, 429, 429]


async def test_a_reset_forgives_guesses_of_the_current_password_too(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    async with client_key(app, headers=await log_in(user)) as client:
        statuses = [
            (await change_password(client, WRONG, NEW)).status_code for _ in range(2)
        ]
    await operator_of(app).reset_password(user.username, NEW)
    async with client_key(app, headers=await log_in(user)) as client:
        statuses.append((await change_password(client, NEW, PASSWORD)).status_code)
    assert statuses == [403, 429, 204]


@pytest.mark.parametrize("back", [3600, MAX_DELAY + 60, MAX_DELAY - 60, 30, 5])
async def test_a_clock_that_is_set_back_lets_nobody_wait_longer(
    serve: Serve, user: User, clock: Clock, back: int
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    async with client_key(app) as client:
        for wait in (1, 2, 4, 8, 16):
            assert (await attempt(client, user.username, WRONG)).status_code == 401
            refused = await attempt(client, user.username, WRONG)
            assert (refused.status_code, refused.headers["Retry-After"]) == (
                429,
                str(wait),
            )
            clock.forward(wait)
        clock.forward(-16 - back)
        waited = 0
        while (answer := await attempt(client, user.username)).status_code == 429:
            wait = int(answer.headers["Retry-After"])
            assert wait <= 16
            waited += wait
            clock.forward(wait)
    assert (answer.status_code, waited <= 2 * 16) == (200, True)


@pytest.mark.parametrize("back", [3600, 60])
async def test_a_clock_that_is_set_back_gives_one_guess_and_no_more(
    two_are_free: FastAPI, user: User, clock: Clock, back: int
) -> None:
    async with client_key(two_are_free) as client:
        guesses = [await attempt(client, user.username, WRONG) for _ in range(3)]
        clock.forward(-back)
        guesses += [await attempt(client, user.username, WRONG) for _ in range(3)]
    statuses = [guess.status_code for guess in guesses]
    assert statuses == [401, 401, 429, 401, 429, 429]


def test_attempts_are_not_forgotten_before_the_longest_wait_is_over() -> None:
    assert max(MAX_DELAY, MAX_GLOBAL_DELAY) < WINDOW.total_seconds()


def test_times_that_no_calendar_has_are_refused() -> None:
    with pytest.raises(ValidationError, match="retention_days"):
        AuditSettings(retention_days=1_000_000)
