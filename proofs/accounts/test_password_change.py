"""Changing the password."""

import asyncio
from typing import Any

import argon2
import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import ME, REGISTER, attempt, change_password, registration
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser

NEW = "Seven-Chairs-In-A-Row"


async def test_only_the_new_password_is_good_afterwards(
    client: httpx2.AsyncClient, anonymous: httpx2.AsyncClient, user: User
) -> None:
    response = await change_password(client, PASSWORD, NEW)
    assert (response.status_code, response.content) == (204, b"")
    assert (await attempt(anonymous, user.username, PASSWORD)).status_code == 401
    assert (await attempt(anonymous, user.username, NEW)).status_code == 200


async def test_the_current_password_is_needed(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    before = user.hashed_password
    wrong = await change_password(client, "a-wrong-password", NEW)
    missing = await client.post("/api/v1/users/me/password", json={"new_password": NEW})
    assert (wrong.status_code, missing.status_code) == (403, 422)
    for response in (wrong, missing):
        assert list(response.json()["field_errors"]) == ["current_password"]
    await session.refresh(user)
    assert user.hashed_password == before


@pytest.mark.parametrize(
    "new", ["too-short", "password1234", "z" * 129, "{email}", "{username}"]
)
async def test_the_new_password_must_be_good_enough(
    client: httpx2.AsyncClient, user: User, verifications: list[bool], new: str
) -> None:
    new = new.format(email=user.email, username=user.username)
    response = await change_password(client, PASSWORD, new)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["new_password"]
    assert verifications == []


async def test_all_other_sessions_end_and_this_one_stays(
    client: httpx2.AsyncClient, anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    others = [await log_in(user) for _ in range(2)]
    assert (await change_password(client, PASSWORD)).status_code == 204
    for headers in others:
        assert (await anonymous.get(ME, headers=headers)).status_code == 401
    assert (await client.get(ME)).status_code == 200


async def test_other_users_stay_logged_in(
    client: httpx2.AsyncClient, admin_client: httpx2.AsyncClient
) -> None:
    assert (await change_password(client, PASSWORD)).status_code == 204
    assert (await admin_client.get(ME)).status_code == 200


async def test_a_refused_change_ends_no_session(
    client: httpx2.AsyncClient, anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    other = await log_in(user)
    assert (await change_password(client, "a-wrong-password")).status_code == 403
    assert (await anonymous.get(ME, headers=other)).status_code == 200


async def test_guessing_the_current_password_is_slowed_down(
    serve: Serve, user: User, log_in: LogIn, clock: Clock, verifications: list[bool]
) -> None:
    app = serve(throttle=ThrottleSettings(failures=2))
    async with client_key(app, headers=await log_in(user)) as client:
        for _ in range(2):
            assert (
                await change_password(client, "a-wrong-password")
            ).status_code == 403
        refused = await change_password(client, PASSWORD)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert verifications == [False, False]
        clock.forward(1)
        assert (await change_password(client, PASSWORD)).status_code == 204


async def test_guessing_from_many_sessions_is_counted_together(
    serve: Serve, user: User, log_in: LogIn
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    statuses = []
    for address in ("198.51.100.1", "198.51.100.2"):
        headers = await log_in(user)
        async with client_key(app, client=(address, 1), headers=headers) as client:
            statuses.append(
                (await change_password(client, "a-wrong-password")).status_code
            )
    assert statuses == [403, 429]


@pytest.mark.committed
async def test_of_two_changes_at_once_one_is_made(client: httpx2.AsyncClient) -> None:
    news = (NEW, "Five-Windows-To-The-Sea")
    responses = await asyncio.gather(
        *(change_password(client, PASSWORD, new) for new in news)
    )
    first, second = sorted(response.status_code for response in responses)
    assert first == 204
    # The second has read the hash before, or after, the first has changed it.
    assert second in (403, 409)


@pytest.mark.committed
async def test_no_connection_is_held_while_a_password_is_hashed(
    app: FastAPI,
    engine: AsyncEngine,
    make_user: MakeUser,
    log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[Any] = []
    for name in ("verify_secret", "hash_secret"):
        work = getattr(argon2.low_level, name)

        def record(*args: Any, work: Any = work, **kwargs: Any) -> Any:
            held.append(engine.pool.checkedout())  # type: ignore[attr-defined]
            return work(*args, **kwargs)

        monkeypatch.setattr(argon2.low_level, name, record)
    user = await make_user()
    async with client_key(app, headers=await log_in(user)) as client:
        assert (await client.post(REGISTER, json=registration())).status_code == 201
        assert (await change_password(client, PASSWORD, NEW)).status_code == 204
        assert (await attempt(client, user.username, NEW)).status_code == 200
    assert held == [0, 0, 0, 0]
