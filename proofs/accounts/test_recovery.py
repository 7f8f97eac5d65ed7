"""Forgotten passwords."""

from typing import Any

import argon2
import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts.models import AuthSession, MailPurpose, User
from app.accounts.settings import ThrottleSettings
from app.core.security.passwords import PasswordSettings
from proofs.accounts.calls import (
    FORGOT_PASSWORD,
    ME,
    RESET_PASSWORD,
    attempt,
)
from proofs.accounts.links import NEW_PASSWORD, assert_invalid, mint, use
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.mail import Deliver, token_of
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser

RESET = MailPurpose.RESET_PASSWORD


@pytest.fixture
async def token(session: AsyncSession, user: User) -> str:
    """Give a token that `user` has got by mail."""
    return await mint(session, user, RESET)


async def try_reset(
    client: httpx2.AsyncClient, token: str, password: str, **values: object
) -> httpx2.Response:
    body = {"token": token, "new_password": password} | values
    return await client.post(RESET_PASSWORD, json=body)


async def test_who_has_forgotten_the_password_gets_a_new_one_by_mail(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    asked = await anonymous.post(FORGOT_PASSWORD, json={"email": user.email})
    assert (asked.status_code, asked.content) == (202, b"")
    [mail] = await deliver()
    assert (await try_reset(anonymous, token_of(mail), NEW_PASSWORD)).status_code == 204
    assert (await attempt(anonymous, user.username, PASSWORD)).status_code == 401
    assert (await attempt(anonymous, user.username, NEW_PASSWORD)).status_code == 200


async def test_a_reset_ends_all_sessions_and_begins_none(
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
    session: AsyncSession,
    token: str,
) -> None:
    other = await log_in(user)
    response = await try_reset(client, token, NEW_PASSWORD)
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get(ME)).status_code == 401
    assert (await anonymous.get(ME, headers=other)).status_code == 401
    assert (await session.scalars(select(AuthSession))).all() == []


async def test_asking_for_a_link_changes_nothing(
    client: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    await client.post(FORGOT_PASSWORD, json={"email": user.email})
    assert len(await deliver()) == 1
    assert (await client.get(ME)).status_code == 200
    assert (await attempt(client, user.username)).status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "",
        "too-short",
        "z" * 129,
        "password1234",
        "{email}",
        "{username}",
        "nul\x00" * 5,
    ],
)
async def test_a_bad_password_does_not_use_the_token_up(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    password: str,
) -> None:
    user = await make_user(email="ada.lovelace@example.com", username="countess1815")
    token, before = await mint(session, user, RESET), user.hashed_password
    bad = password.format(email=user.email, username=user.username)
    response = await try_reset(anonymous, token, bad)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        ["new_password"],
    )
    await session.refresh(user)
    assert user.hashed_password == before
    assert (await try_reset(anonymous, token, NEW_PASSWORD)).status_code == 204


async def test_a_password_is_judged_and_hashed_only_for_who_has_a_token(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disabled = await mint(session, await make_user(is_active=False), RESET)
    hashed: list[Any] = []
    monkeypatch.setattr(
        argon2.low_level, "hash_secret", lambda *args, **_: hashed.append(args)
    )
    for token in ("unknown", disabled):
        for password in ("too-short", NEW_PASSWORD):
            assert_invalid(await try_reset(anonymous, token, password))
    assert hashed == []


async def test_a_reset_verifies_the_address(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, token: str
) -> None:
    assert not user.is_verified
    await try_reset(anonymous, token, NEW_PASSWORD)
    await session.refresh(user)
    assert user.is_verified


async def test_a_reset_forgives_the_failed_logins(
    serve: Serve,
    user: User,
    token: str,
    clock: Clock,  # noqa: ARG001
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1))
    async with client_key(app) as client:
        for login in (user.email, user.username):
            assert (await attempt(client, login, "a-wrong-password")).status_code == 401
            assert (await attempt(client, login)).status_code == 429
        assert (await try_reset(client, token, NEW_PASSWORD)).status_code == 204
        for login in (user.email, user.username):
            assert (await attempt(client, login, NEW_PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "admin"), ("email", "eve@example.com"), ("user_id", "1")],
)
async def test_a_password_is_all_that_is_set(
    anonymous: httpx2.AsyncClient, token: str, field: str, value: str
) -> None:
    response = await try_reset(anonymous, token, NEW_PASSWORD, **{field: value})
    assert response.status_code == 422
    assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert (await use(anonymous, RESET, token)).status_code == 204


@pytest.mark.committed
async def test_no_connection_is_held_while_the_password_is_hashed(
    anonymous: httpx2.AsyncClient,
    engine: AsyncEngine,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, work = [], argon2.low_level.hash_secret

    def record(*args: Any, **kwargs: Any) -> Any:
        held.append(engine.pool.checkedout())  # type: ignore[attr-defined]
        return work(*args, **kwargs)

    monkeypatch.setattr(argon2.low_level, "hash_secret", record)
    assert (await try_reset(anonymous, token, NEW_PASSWORD)).status_code == 204
    assert held == [0]


def test_the_document_has_the_bounds_of_a_new_password(make_app: MakeApp) -> None:
    app = make_app(passwords=PasswordSettings(min_length=15))
    field = app.openapi()["components"]["schemas"]["PasswordReset"]["properties"][
        "new_password"
    ]
    assert (field["minLength"], field["maxLength"]) == (15, 128)
