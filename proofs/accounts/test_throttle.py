"""Guessing passwords is slowed down, and nobody can be locked out by it."""

from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import REGISTER, attempt, comparable, registration
from proofs.accounts.guesses import AWAY, HOME, WRONG, client_at, statuses
from proofs.fixtures.accounts import Clock, Pause, Serve, cheap, operator_of
from proofs.fixtures.users import PASSWORD, MakeUser


async def test_after_the_free_attempts_not_even_the_right_password_is_looked_at(
    two_are_free: FastAPI, user: User, verifications: list[bool]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, user.username, WRONG, WRONG) == [401, 401]
        response = await attempt(client, user.username)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.json()["error_code"] == "login_throttled"
    assert verifications == [False, False]


async def test_each_further_failure_doubles_the_wait(
    two_are_free: FastAPI, clock: Clock, verifications: list[bool]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, "ada", WRONG, WRONG, WRONG) == [401, 401, 429]
        for wait in (1, 2):
            clock.forward(wait - 0.1)
            assert await statuses(client, "ada", WRONG) == [429]
            clock.forward(0.1)
            assert await statuses(client, "ada", WRONG, WRONG) == [401, 429]
    assert len(verifications) == 4


async def test_an_account_is_the_same_in_any_case(two_are_free: FastAPI) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, "ada", WRONG) == [401]
        assert await statuses(client, "ADA", WRONG) == [401]
        assert await statuses(client, " Ada ", WRONG) == [429]


async def test_unknown_and_disabled_accounts_are_slowed_down_alike(
    two_are_free: FastAPI, user: User, make_user: MakeUser
) -> None:
    disabled = await make_user(is_active=False)
    async with client_at(two_are_free, AWAY) as client:
        seen = [
            [comparable(await attempt(client, login, WRONG)) for _ in range(3)]
            for login in (user.username, "nobody", disabled.username)
        ]
    assert [status for status, _, _ in seen[0]] == [401, 401, 429]
    assert seen[0] == seen[1] == seen[2]


async def test_a_victim_elsewhere_is_not_locked_out(
    two_are_free: FastAPI, user: User
) -> None:
    async with client_at(two_are_free, AWAY) as attacker:
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [
            401,
            401,
            429,
        ]
    async with client_at(two_are_free, HOME) as victim:
        assert (await attempt(victim, user.username)).status_code == 200


async def test_many_clients_reach_the_ceiling_of_an_account(
    serve: Serve, user: User, clock: Clock
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_account=2))
    for number in range(2):
        async with client_at(app, f"203.0.113.{number}") as client:
            assert await statuses(client, user.username, WRONG) == [401]
    async with client_at(app, HOME) as client:
        assert await statuses(client, user.username, WRONG) == [429]
        clock.forward(1)
        assert (await attempt(client, user.username)).status_code == 200


async def test_who_has_logged_in_from_there_gets_in_below_the_ceiling_of_the_account(
    serve: Serve, user: User, clock: Clock
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_account=2))
    async with client_at(app, HOME) as victim, client_at(app, AWAY) as attacker:
        assert await statuses(victim, user.username, PASSWORD) == [200]
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [
            401,
            401,
            429,
        ]
        assert await statuses(victim, user.username, PASSWORD) == [200]
        clock.forward(90 * 86_400)
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [
            401,
            401,
            429,
        ]
        assert await statuses(victim, user.username, PASSWORD) == [429]


async def test_a_known_client_may_not_guess_for_ever(
    two_are_free: FastAPI, user: User, verifications: list[bool]
) -> None:
    async with client_at(two_are_free, HOME) as client:
        assert await statuses(client, user.username, PASSWORD) == [200]
        assert await statuses(client, user.username, WRONG, WRONG, PASSWORD) == [
            401,
            401,
            429,
        ]
    assert verifications == [True, False, False]


async def test_one_client_tries_only_so_many_accounts(
    serve: Serve, clock: Clock
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_client=2))
    async with client_at(app, AWAY) as client:
        for login, status in (("ada", 401), ("bob", 401), ("eve", 429)):
            assert await statuses(client, login, WRONG) == [status]
        clock.forward(1)
        assert await statuses(client, "eve", WRONG) == [401]


async def test_one_s_own_logins_do_not_win_more_guesses_at_others(
    serve: Serve,
    user: User,
    clock: Clock,  # noqa: ARG001
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_client=2))
    async with client_at(app, AWAY) as client:
        assert await statuses(client, "ada", WRONG) == [401]
        assert await statuses(client, user.username, PASSWORD) == [200]
        assert await statuses(client, "bob", WRONG) == [401]
        assert await statuses(client, user.username, PASSWORD) == [200]
        assert await statuses(client, "eve", WRONG) == [429]


async def test_a_login_begins_anew(two_are_free: FastAPI, user: User) -> None:
    async with client_at(two_are_free, HOME) as client:
        assert await statuses(client, user.username, WRONG, PASSWORD) == [401, 200]
        assert await statuses(client, user.username, WRONG, WRONG, WRONG) == [
            401,
            401,
            429,
        ]


async def test_failures_are_forgotten_after_a_while(
    two_are_free: FastAPI, clock: Clock
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, "ada", WRONG, WRONG, WRONG) == [401, 401, 429]
        clock.forward(3600)
        assert await statuses(client, "ada", WRONG, WRONG, WRONG) == [401, 401, 429]


async def test_resetting_the_password_begins_anew(
    two_are_free: FastAPI, user: User
) -> None:
    owner, new = operator_of(two_are_free), "Seven-Chairs-In-A-Row"
    async with client_at(two_are_free, HOME) as client:
        for login in (user.email, user.username):
            assert await statuses(client, login, WRONG, WRONG, WRONG) == [401, 401, 429]
        await owner.reset_password(user.username, new)
        for login in (user.email, user.username):
            assert await statuses(client, login, new) == [200]


async def test_what_comes_too_early_waits_for_no_turn(
    serve: Serve,
    clock: Clock,  # noqa: ARG001
    pause: Pause,
) -> None:
    passwords = cheap(concurrency=1)
    app = serve(throttle=ThrottleSettings(failures=1), passwords=passwords)
    async with client_at(app, AWAY) as client, client_at(app, HOME) as other:
        assert await statuses(client, "ada", WRONG) == [401]
        login = await pause.hold(attempt(other, "ada"))
        assert await statuses(client, "ada", WRONG) == [429]
        assert not login.done()
        pause.end()
        assert (await login).status_code == 401


async def test_registering_is_slowed_down(serve: Serve, clock: Clock) -> None:
    app = serve(throttle=ThrottleSettings(registrations=1))
    async with client_at(app, AWAY) as client, client_at(app, HOME) as other:
        assert (await client.post(REGISTER, json=registration())).status_code == 201
        refused = await client.post(REGISTER, json=registration())
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert (await other.post(REGISTER, json=registration())).status_code == 201
        clock.forward(1)
        assert (await client.post(REGISTER, json=registration())).status_code == 201
