"""Logging in by a password."""

import unicodedata
from typing import Any

import bcrypt
import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.fixtures.accounts import (
    LOGIN,
    ME,
    PASSWORD,
    WRONG,
    Actions,
    Configure,
    Credentials,
    LogIn,
    MakeUser,
    ReadRows,
    try_login,
)


def comparable(response: httpx2.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return what an answer consists of, but for what names and dates the request."""
    varying = {"x-request-id", "ratelimit"}
    headers = {n: v for n, v in response.headers.items() if n not in varying}
    body = response.json() | {"request_id": "", "timestamp": ""}
    return response.status_code, headers, body


@pytest.mark.parametrize("name", ["ada@example.com", " ADA@Example.com ", "ada", "Ada"])
async def test_users_log_in_by_address_or_name_in_any_case(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    credentials: Credentials,
    actions: Actions,
    name: str,
) -> None:
    await make_user(email="ada@example.com", username="ada")
    response = await try_login(anonymous, name)
    assert response.status_code == 200
    profile = await anonymous.get(ME, headers=credentials(response))
    assert (profile.status_code, profile.json()["username"]) == (200, "ada")
    assert await actions() == ["logged_in"]


async def test_a_wrong_password_is_refused_and_recorded(
    anonymous: httpx2.AsyncClient, user: User, actions: Actions
) -> None:
    response = await try_login(anonymous, user.username, WRONG)
    assert (response.status_code, response.json()["error_code"]) == (
        401,
        "invalid_credentials",
    )
    assert await actions() == ["login_failed"]


async def test_credentials_are_taken_from_a_form_only(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    credentials = {"username": user.username, "password": PASSWORD}
    for response in (
        await anonymous.post(LOGIN, json=credentials),
        await anonymous.post(LOGIN, params=credentials),
    ):
        assert response.status_code == 422
        assert PASSWORD not in response.text


async def test_a_session_has_no_more_scopes_than_it_asks_for(
    anonymous: httpx2.AsyncClient, admin: User, log_in: LogIn
) -> None:
    narrow = await log_in(admin, scope="data:read")
    refused = await anonymous.get("/api/v1/users", headers=narrow)
    assert (refused.status_code, "users:admin" in refused.text) == (403, True)
    wide = await log_in(admin, scope="data:read users:admin")
    assert (await anonymous.get("/api/v1/users", headers=wide)).status_code == 200
    unknown = await try_login(anonymous, admin.username, scope="everything")
    assert unknown.status_code == 422


async def test_unverified_users_are_refused_where_the_settings_say_so(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, configure: Configure
) -> None:
    unverified, verified = await make_user(), await make_user(is_verified=True)
    configure("accounts", require_verified=True)
    refused = await try_login(anonymous, unverified.username)
    wrong = await try_login(anonymous, unverified.username, WRONG)
    assert comparable(refused) == comparable(wrong)
    assert (await try_login(anonymous, verified.username)).status_code == 200


async def test_an_older_hash_is_replaced_at_the_next_login(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, read_rows: ReadRows
) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    user = await make_user(hashed_password=old)
    assert (await try_login(anonymous, user.username)).status_code == 200
    [row] = await read_rows("users")
    assert row["hashed_password"].startswith("$argon2id$v=19$m=8,t=2,p=1$")
    assert (await try_login(anonymous, user.username)).status_code == 200


async def test_a_further_login_ends_the_oldest_session(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn, configure: Configure
) -> None:
    configure("accounts", max_sessions=2)
    sessions = [await log_in(user) for _ in range(3)]
    statuses = [
        (await anonymous.get(ME, headers=headers)).status_code for headers in sessions
    ]
    assert statuses == [401, 200, 200]


@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("a" * 72 + "tail", "a" * 72 + "liat"),
        ("Nine lamps on a shelf ", "Nine lamps on a shelf"),
        ("😀" * 20, "😀" * 19 + "😁"),
    ],
    ids=["after-72-bytes", "space", "emoji"],
)
async def test_21_every_character_of_a_password_counts(
    app: FastAPI,
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    password: str,
    other: str,
) -> None:
    user = await make_user(hashed_password=await app.state.passwords.hash(password))
    assert (await try_login(anonymous, user.username, other)).status_code == 401
    assert (await try_login(anonymous, user.username, password)).status_code == 200


async def test_21_a_password_is_normalised(
    app: FastAPI, anonymous: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    composed = "d\u00e9j\u00e0 vu au caf\u00e9"
    user = await make_user(hashed_password=await app.state.passwords.hash(composed))
    decomposed = unicodedata.normalize("NFD", composed)
    assert (await try_login(anonymous, user.username, decomposed)).status_code == 200


async def test_21_hostile_credentials_cost_no_verification(
    anonymous: httpx2.AsyncClient, verifications: list[bool]
) -> None:
    for form, status in (
        ({"password": f"{PASSWORD}\x00"}, 422),
        ({"password": "a" * 10_000}, 422),
        ({"username": "a" * 255}, 422),
    ):
        sent = {"username": "ada", "password": PASSWORD} | form
        response = await anonymous.post(LOGIN, data=sent)
        assert (response.status_code, PASSWORD in response.text) == (status, False)
    assert verifications == []


async def test_25_refused_logins_have_one_answer_and_cost_one_verification(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, verifications: list[bool]
) -> None:
    active, inactive = await make_user(), await make_user(is_active=False)
    without_password = await make_user(hashed_password="!")
    answers = [
        await try_login(anonymous, active.username, WRONG),
        await try_login(anonymous, "nobody"),
        await try_login(anonymous, "nobody@example.com"),
        await try_login(anonymous, inactive.username),
        await try_login(anonymous, without_password.username, "!"),
    ]
    first = comparable(answers[0])
    assert first[0] == 401
    assert all(comparable(answer) == first for answer in answers)
    assert len(verifications) == len(answers)
