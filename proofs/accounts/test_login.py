"""Logging in by a password."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import bcrypt
import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.db.base import now
from proofs.accounts.calls import LOGIN, ME, attempt, comparable
from proofs.fixtures.accounts import Pause
from proofs.fixtures.users import PASSWORD, MakeUser, Proof

A72 = "a" * 72


@pytest.mark.parametrize("spell", [str, str.upper, lambda text: f" {text.title()} "])
@pytest.mark.parametrize("name", ["ada@example.com", "ada"])
async def test_users_log_in_by_either_name_in_any_case(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    proof: Proof,
    name: str,
    spell: Callable[[str], str],
) -> None:
    await make_user(email="ada@example.com", username="ada")
    response = await attempt(anonymous, spell(name))
    assert response.status_code == 200
    profile = await anonymous.get(ME, headers=proof(response))
    assert (profile.status_code, profile.json()["username"]) == (200, "ada")


@pytest.mark.parametrize(
    ("password", "other"),
    [
        (A72 + "tail", A72 + "liat"),
        ("Nine lamps on a shelf ", "Nine lamps on a shelf"),
        ("😀" * 20, "😀" * 19 + "😁"),
    ],
    ids=["tail", "space", "emoji"],
)
async def test_every_character_of_a_password_counts(
    app: FastAPI,
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    password: str,
    other: str,
) -> None:
    user = await make_user(hashed_password=await app.state.passwords.hash(password))
    assert (await attempt(anonymous, user.username, other)).status_code == 401
    assert (await attempt(anonymous, user.username, password)).status_code == 200


async def test_a_password_is_the_same_however_a_system_writes_it(
    app: FastAPI, anonymous: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    composed = "d\u00e9j\u00e0 vu au caf\u00e9"
    user = await make_user(hashed_password=await app.state.passwords.hash(composed))
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    assert (await attempt(anonymous, user.username, decomposed)).status_code == 200


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"password": f"{PASSWORD}\x00"}, 422),
        ({"password": "a" * 10_000}, 422),
        ({"password": "a" * 20_000}, 413),
        ({"username": "a" * 255}, 422),
        ({"username": "ada\x00"}, 422),
        ({"username": ""}, 422),
        ({"grant_type": "client_credentials"}, 422),
        ({"role": "admin"}, 422),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_can_be_no_login_costs_no_verification(
    anonymous: httpx2.AsyncClient,
    verifications: list[bool],
    form: dict[str, Any],
    status: int,
) -> None:
    form = {"username": "ada", "password": PASSWORD} | form
    response = await anonymous.post(LOGIN, data=form)
    assert response.status_code == status
    assert PASSWORD not in response.text
    assert verifications == []


async def test_credentials_are_taken_from_a_form_only(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    credentials = {"username": user.username, "password": PASSWORD}
    as_json = await anonymous.post(LOGIN, json=credentials)
    in_address = await anonymous.post(LOGIN, params=credentials)
    for response in (as_json, in_address):
        assert response.status_code == 422
        assert PASSWORD not in response.text


async def test_answers_to_logins_are_not_stored(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    for password, status in ((PASSWORD, 200), ("a-wrong-password", 401)):
        response = await attempt(anonymous, user.username, password)
        assert (response.status_code, response.headers["Cache-Control"]) == (
            status,
            "no-store",
        )


@pytest.mark.parametrize(
    "name", ["ada\u202e", "\ud800", "' OR 1=1 --", "%", "a@b", "😀"]
)
async def test_a_hostile_name_is_nobodys(
    anonymous: httpx2.AsyncClient, name: str
) -> None:
    body = (
        b"username="
        + name.encode(errors="surrogatepass")
        + b"&password=no-matter-which"
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await anonymous.post(LOGIN, content=body, headers=headers)
    assert response.status_code in (400, 401, 422)


async def test_nobody_learns_why_a_login_failed(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, verifications: list[bool]
) -> None:
    active, inactive = await make_user(), await make_user(is_active=False)
    without_password = await make_user(hashed_password="!")
    answers = [
        await attempt(anonymous, active.username, "a-wrong-password"),
        await attempt(anonymous, active.email, "a-wrong-password"),
        await attempt(anonymous, "nobody"),
        await attempt(anonymous, "nobody@example.com"),
        await attempt(anonymous, inactive.username),
        await attempt(anonymous, without_password.username, "!"),
    ]
    first = comparable(answers[0])
    assert first[0] == 401
    assert all(comparable(answer) == first for answer in answers)
    assert len(verifications) == len(answers)


async def test_a_login_that_fails_costs_the_same_statements_whoever_is_asked_for(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, statements: list[str]
) -> None:
    active, inactive = await make_user(), await make_user(is_active=False)
    await attempt(anonymous, "the-first-of-this-client", "a-wrong-password")
    executed = []
    for login in (active.username, "nobody", inactive.username):
        statements.clear()
        password = PASSWORD if login == inactive.username else "a-wrong-password"
        await attempt(anonymous, login, password)
        executed.append(list(statements))
    assert executed[0] == executed[1] == executed[2] != []


async def test_an_old_hash_is_replaced_at_the_next_login(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    user = await make_user(hashed_password=old)
    assert (
        await attempt(anonymous, user.username, "a-wrong-password")
    ).status_code == 401
    assert (await attempt(anonymous, user.username)).status_code == 200
    await session.refresh(user)
    assert user.hashed_password.startswith("$argon2id$v=19$m=8,t=2,p=1$")
    assert (await attempt(anonymous, user.username)).status_code == 200


async def test_a_password_does_not_grow_old(
    anonymous: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    long_ago = now() - timedelta(days=3650)
    user = await make_user(created_at=long_ago, updated_at=long_ago)
    assert (await attempt(anonymous, user.username)).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"hashed_password": "!"}], ids=str
)
async def test_what_happens_during_the_verification_counts(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    pause: Pause,
    changes: dict[str, Any],
) -> None:
    user = await make_user()
    login = await pause.hold(attempt(anonymous, user.username))
    await session.execute(update(User).values(changes))
    await session.commit()
    pause.end()
    assert (await login).status_code == 401
