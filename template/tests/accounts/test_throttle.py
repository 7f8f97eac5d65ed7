"""Guessing passwords is slowed down, and nobody can be locked out by it."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.security.passwords import NOBODYS_HASH
from app.core.settings.passwords import PasswordSettings
from app.core.settings.throttle import ThrottleSettings
from app.crud.unit_of_work import unit_of_work_factory
from app.models.throttle import Throttle
from app.models.user import User
from app.services.operator import OperatorService
from app.services.throttle import ThrottleService
from tests.accounts.calls import REGISTER, attempt, comparable, registration
from tests.accounts.conftest import Clock, Pause, Serve
from tests.fixtures.app import client_of
from tests.fixtures.users import PASSWORD, MakeUser

HOME, AWAY = "198.51.100.1", "203.0.113.9"
WRONG = "a-wrong-password"


@pytest.fixture(autouse=True)
def cheap_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let logins to unknown accounts cost less than usual: there are many of them here."""
    cheap = NOBODYS_HASH.replace("m=19456,t=2", "m=8,t=1")
    monkeypatch.setattr("app.core.security.passwords.NOBODYS_HASH", cheap)


@pytest.fixture
def two_are_free(serve: Serve, clock: Clock) -> FastAPI:  # noqa: ARG001
    """Give an application in which the third failure must wait."""
    return serve(throttle=ThrottleSettings(failures=2, max_delay=30))


def client_at(app: FastAPI, address: str) -> httpx2.AsyncClient:
    return client_of(app, client=(address, 50000))


async def statuses(client: httpx2.AsyncClient, login: str, *passwords: str) -> list[int]:
    return [(await attempt(client, login, password)).status_code for password in passwords]


async def test_after_the_free_attempts_not_even_the_right_password_is_looked_at(
    two_are_free: FastAPI, user: User, verifications: list[bool]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, user.username, WRONG, WRONG) == [401, 401]
        response = await attempt(client, user.username)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.json()["error_code"] == "too_many_requests"
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


async def test_the_wait_is_capped(two_are_free: FastAPI, session: AsyncSession) -> None:
    waits = []
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada", WRONG)
        for failures in (2, 3, 6, 7, 8, 2_000_000_000):
            await session.execute(update(Throttle).values(failures=failures))
            await session.commit()
            waits.append(int((await attempt(client, "ada")).headers["Retry-After"]))
    assert waits == [1, 2, 16, 30, 30, 60]


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


async def test_a_victim_elsewhere_is_not_locked_out(two_are_free: FastAPI, user: User) -> None:
    async with client_at(two_are_free, AWAY) as attacker:
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [401, 401, 429]
    async with client_at(two_are_free, HOME) as victim:
        assert (await attempt(victim, user.username)).status_code == 200


async def test_many_clients_reach_the_ceiling_of_an_account(
    serve: Serve, user: User, clock: Clock
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_account=2, max_shared_delay=5))
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
    app = serve(throttle=ThrottleSettings(failures_per_account=2, known_days=90))
    async with client_at(app, HOME) as victim, client_at(app, AWAY) as attacker:
        assert await statuses(victim, user.username, PASSWORD) == [200]
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [401, 401, 429]
        assert await statuses(victim, user.username, PASSWORD) == [200]
        clock.forward(90 * 86_400)
        assert await statuses(attacker, user.username, WRONG, WRONG, WRONG) == [401, 401, 429]
        assert await statuses(victim, user.username, PASSWORD) == [429]


async def test_a_known_client_may_not_guess_for_ever(
    two_are_free: FastAPI, user: User, verifications: list[bool]
) -> None:
    async with client_at(two_are_free, HOME) as client:
        assert await statuses(client, user.username, PASSWORD) == [200]
        assert await statuses(client, user.username, WRONG, WRONG, PASSWORD) == [401, 401, 429]
    assert verifications == [True, False, False]


async def test_one_client_tries_only_so_many_accounts(serve: Serve, clock: Clock) -> None:
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
        assert await statuses(client, user.username, WRONG, WRONG, WRONG) == [401, 401, 429]


async def test_failures_are_forgotten_after_a_while(two_are_free: FastAPI, clock: Clock) -> None:
    async with client_at(two_are_free, AWAY) as client:
        assert await statuses(client, "ada", WRONG, WRONG, WRONG) == [401, 401, 429]
        clock.forward(3600)
        assert await statuses(client, "ada", WRONG, WRONG, WRONG) == [401, 401, 429]


async def test_resetting_the_password_begins_anew(
    two_are_free: FastAPI, user: User, sessions: async_sessionmaker[AsyncSession]
) -> None:
    state, begin, new = two_are_free.state, unit_of_work_factory(sessions), "Seven-Chairs-In-A-Row"
    throttle = ThrottleService(begin, state.settings.throttle, state.settings.secret_key)
    owner = OperatorService(begin, state.passwords, state.password_policy, throttle)
    async with client_at(two_are_free, HOME) as client:
        for login in (user.email, user.username):
            assert await statuses(client, login, WRONG, WRONG, WRONG) == [401, 401, 429]
        await owner.reset_password(user.username, new)
        for login in (user.email, user.username):
            assert await statuses(client, login, new) == [200]


async def test_what_comes_too_early_costs_one_query(
    two_are_free: FastAPI, statements: list[str]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await statuses(client, "ada", WRONG, WRONG)
        statements.clear()
        assert await statuses(client, "ada", WRONG) == [429]
    assert len(statements) == 1
    assert statements[0].startswith("SELECT")


async def test_what_comes_too_early_waits_for_no_turn(
    serve: Serve,
    clock: Clock,  # noqa: ARG001
    pause: Pause,
) -> None:
    passwords = PasswordSettings(concurrency=1)
    app = serve(throttle=ThrottleSettings(failures=1), passwords=passwords)
    async with client_at(app, AWAY) as client, client_at(app, HOME) as other:
        assert await statuses(client, "ada", WRONG) == [401]
        login = await pause.hold(attempt(other, "ada"))
        assert await statuses(client, "ada", WRONG) == [429]
        assert not login.done()
        pause.end()
        assert (await login).status_code == 401


async def test_the_table_names_nobody(two_are_free: FastAPI, session: AsyncSession) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada@example.com", WRONG)
    rows = (await session.scalars(select(Throttle))).all()
    stored = [text for row in rows for text in (row.key, row.account) if text]
    assert len(rows) == 3
    assert all(len(text) == 64 and int(text, 16) for text in stored)


async def test_registering_is_slowed_down(serve: Serve, clock: Clock) -> None:
    app = serve(throttle=ThrottleSettings(registrations=1))
    async with client_at(app, AWAY) as client, client_at(app, HOME) as other:
        assert (await client.post(REGISTER, json=registration())).status_code == 201
        refused = await client.post(REGISTER, json=registration())
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert (await other.post(REGISTER, json=registration())).status_code == 201
        clock.forward(1)
        assert (await client.post(REGISTER, json=registration())).status_code == 201
