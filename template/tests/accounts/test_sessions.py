"""Sessions: listing and ending them, and how they are stored."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.accounts.models import User
from app.config import Settings
from app.db import dialect
from app.db.base import Base
from tests.fixtures.accounts import (
    ME,
    PASSWORD,
    Actions,
    ChangeRows,
    Deliver,
    LogIn,
    MakeUser,
    ReadRows,
    token_of,
    try_login,
)

SESSIONS = "/api/v1/auth/sessions"


async def test_14_users_list_and_end_their_sessions(
    client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    other = await log_in(user)
    listed = await client.get(SESSIONS)
    assert listed.status_code == 200
    # The latest login comes first.
    assert [one["is_current"] for one in listed.json()] == [False, True]
    assert "python-httpx" in listed.json()[0]["user_agent"]
    assert listed.json()[0]["address"] == "127.0.0.1"
    ended = await client.delete(f"{SESSIONS}/{listed.json()[0]['id']}")
    assert ended.status_code == 204
    assert (await client.get(ME, headers=other)).status_code == 401
    assert (await client.get(ME)).status_code == 200
    assert [one["is_current"] for one in (await client.get(SESSIONS)).json()] == [True]
    assert (await actions())[-1] == "session_ended"


async def test_14_logging_out_ends_this_session_at_once(
    client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    other = await log_in(user)
    assert (await client.post("/api/v1/auth/logout")).status_code == 204
    assert (await client.get(ME)).status_code == 401
    assert (await client.get(ME, headers=other)).status_code == 200
    assert (await actions())[-1] == "logged_out"


async def test_14_logging_out_everywhere_ends_all_sessions_of_the_user(
    client: httpx2.AsyncClient,
    user: User,
    make_user: MakeUser,
    log_in: LogIn,
    actions: Actions,
) -> None:
    other, stranger = await log_in(user), await log_in(await make_user())
    assert (await client.post("/api/v1/auth/logout-all")).status_code == 204
    assert (await client.get(ME)).status_code == 401
    assert (await client.get(ME, headers=other)).status_code == 401
    assert (await client.get(ME, headers=stranger)).status_code == 200
    assert (await actions())[-1] == "logged_out_everywhere"


async def test_35_sessions_of_other_users_are_not_found(
    client: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    headers = await log_in(await make_user())
    [theirs] = (await client.get(SESSIONS, headers=headers)).json()
    refused = await client.delete(f"{SESSIONS}/{theirs['id']}")
    unknown = await client.delete(f"{SESSIONS}/{uuid4()}")
    assert refused.status_code == unknown.status_code == 404
    assert refused.json()["detail"] == unknown.json()["detail"]
    assert (await client.get(ME, headers=headers)).status_code == 200
    listed = (await client.get(SESSIONS)).json()
    assert theirs["id"] not in [one["id"] for one in listed]


async def test_16_a_disabled_or_deleted_user_is_refused_on_the_next_call(
    client: httpx2.AsyncClient, user: User, change_rows: ChangeRows
) -> None:
    assert (await client.get(ME)).status_code == 200
    await change_rows("users", user.id, is_active=False)
    assert (await client.get(ME)).status_code == 401


async def test_16_a_removed_role_takes_effect_on_the_next_call(
    admin_client: httpx2.AsyncClient, admin: User, change_rows: ChangeRows
) -> None:
    assert (await admin_client.get("/api/v1/users")).status_code == 200
    await change_rows("users", admin.id, role="user")
    assert (await admin_client.get("/api/v1/users")).status_code == 403


async def test_a_narrow_session_ends_no_other_session(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn, read_rows: ReadRows
) -> None:
    wide, narrow = await log_in(user), await log_in(user, scope="data:read")
    [other] = [
        one["id"]
        for one in (await anonymous.get(SESSIONS, headers=wide)).json()
        if one["is_current"]
    ]
    for method, path in (
        ("DELETE", f"{SESSIONS}/{other}"),
        ("POST", "/api/v1/auth/logout-all"),
    ):
        response = await anonymous.request(method, path, headers=narrow)
        assert (path, response.status_code) == (path, 403)
    assert len(await read_rows("auth_sessions")) == 2


async def test_18_secrets_are_stored_as_digests_only(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver, read_rows: ReadRows
) -> None:
    login = await try_login(anonymous, user.username)
    secrets = re.findall(r"[\w.-]{43,}", f"{login.text} {login.headers}")
    body = {"email": user.email}
    await anonymous.post("/api/v1/auth/forgot-password", json=body)
    [mail] = await deliver()
    secrets += [token_of(mail), PASSWORD]
    assert len(secrets) > 2
    stored = str([await read_rows(name) for name in Base.metadata.tables])
    assert user.email in stored
    # Of a signed token, each part counts.
    parts = {part for secret in secrets for part in secret.split(".") if len(part) > 20}
    assert not [part for part in parts if part in stored]


@pytest.fixture
async def lost_database(
    app: FastAPI, settings: Settings, client: httpx2.AsyncClient
) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client that is logged in, of an application that lost its database."""
    url = make_url(settings.database_url.get_secret_value())
    gone = url.set(database=f"{url.database}/gone")
    address = gone.render_as_string(hide_password=False)
    engine = dialect.create_engine(address, settings.database)
    sessions, app.state.sessions = app.state.sessions, async_sessionmaker(engine)
    yield client
    app.state.sessions = sessions
    await engine.dispose()


async def test_19_without_its_sessions_the_application_accepts_nobody(
    lost_database: httpx2.AsyncClient,
) -> None:
    response = await lost_database.get(ME)
    assert response.status_code == 503
    assert "Retry-After" in response.headers
