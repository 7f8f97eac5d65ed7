"""What was taken from a user is gone with the next request, whatever a token says."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, make_url, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.security.opaque_tokens import new_token
from app.core.security.scopes import Role
from app.db import dialect
from app.db.base import now
from app.models.auth_session import AuthSession
from app.models.user import User
from tests.accounts.calls import ME, USERS, attempt
from tests.accounts.permissions import PROTECTED
from tests.accounts.tokens import bearer, refresh, refresh_token_of
from tests.fixtures.users import LogIn, MakeUser


@pytest.fixture
async def unreachable(
    app: FastAPI,
    settings: Settings,
    client: httpx2.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client that is logged in, of an application that has lost its database."""
    url = make_url(settings.database_url.get_secret_value())
    gone = url.set(database=f"{url.database}/gone").render_as_string(hide_password=False)
    engine = dialect.create_engine(gone, settings.database)
    monkeypatch.setattr(app.state, "sessions", async_sessionmaker(engine))
    yield client
    await engine.dispose()


async def test_a_user_whom_an_admin_disables_is_out_at_once(
    client: httpx2.AsyncClient,
    admin_client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
) -> None:
    token, url = await refresh_token_of(session, user), f"{USERS}/{user.id}"
    assert (await admin_client.patch(url, json={"is_active": False})).status_code == 200
    assert (await client.get(ME)).status_code == 401
    assert (await refresh(client, token)).status_code == 401
    await admin_client.patch(url, json={"is_active": True})
    assert (await client.get(ME)).status_code == 401
    assert (await refresh(client, token)).status_code == 401


async def test_a_user_who_is_disabled_in_the_database_is_out_at_once(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    await session.execute(update(User).values(is_active=False))
    await session.commit()
    assert (await client.get(ME)).status_code == 401
    assert (await refresh(client, token)).status_code == 401


async def test_a_deleted_user_is_out_at_once(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    assert (await client.delete(ME)).status_code == 204
    response = await client.get(ME)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert (await refresh(client, token)).status_code == 401


async def test_a_role_counts_as_it_is_now(
    client: httpx2.AsyncClient, admin_client: httpx2.AsyncClient, user: User
) -> None:
    for role, status in ((Role.ADMIN, 200), (Role.USER, 403)):
        await admin_client.patch(f"{USERS}/{user.id}", json={"role": role})
        assert (await client.get(USERS)).status_code == status


async def test_a_role_that_is_not_known_may_do_nothing(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    headers = await log_in(await make_user(role="former"))
    assert (await anonymous.get("/api/v1/items", headers=headers)).status_code == 403
    assert (await anonymous.get(ME, headers=headers)).status_code == 200


async def test_a_session_that_was_ended_or_is_over_counts_no_more(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, log_in: LogIn
) -> None:
    over = await log_in(user, expires_at=now() - timedelta(seconds=1))
    ended = await log_in(user)
    assert (await anonymous.get(ME, headers=ended)).status_code == 200
    await session.execute(delete(AuthSession).where(AuthSession.expires_at > now()))
    await session.commit()
    for headers in (over, ended):
        assert (await anonymous.get(ME, headers=headers)).status_code == 401


async def test_nobody_is_let_in_while_sessions_cannot_be_looked_up(
    unreachable: httpx2.AsyncClient,
) -> None:
    for operation in PROTECTED:
        method, path = operation.format(item_id="1", user_id="1", session_id="1").split()
        response = await unreachable.request(method, path)
        assert (operation, response.status_code) == (operation, 503)
        assert response.headers["Retry-After"]


async def test_nobody_logs_in_while_sessions_cannot_be_looked_up(
    unreachable: httpx2.AsyncClient, user: User
) -> None:
    assert (await attempt(unreachable, user.username)).status_code == 503
    assert (await refresh(unreachable, new_token())).status_code == 503


async def test_a_forged_token_is_refused_without_asking_the_database(
    unreachable: httpx2.AsyncClient,
) -> None:
    assert (await unreachable.get(ME, headers=bearer("a.b.c"))).status_code == 401
