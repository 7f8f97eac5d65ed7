"""A session lasts for as long as it is used, up to its lifetime."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.login.cookies.settings import CookieSettings
from app.accounts.models import AuthSession, User
from app.config import Settings
from app.db.base import now
from proofs.accounts.calls import ME, change_password
from proofs.cookies.cookies import TOKEN
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn

LOGOUT = "/api/v1/auth/logout"
UNUSED = timedelta(minutes=2)


async def times(session: AsyncSession) -> tuple[datetime, datetime]:
    """Tell when the only session was used, and when it ends."""
    columns = select(AuthSession.last_used_at, AuthSession.expires_at)
    used, ends = (await session.execute(columns)).one()
    return used, ends


@pytest.mark.committed
@pytest.mark.parametrize(
    "use",
    [
        lambda client: client.get(ME),
        lambda client: client.head(ME),
        lambda client: client.patch(ME, json={}),
        lambda client: change_password(client, PASSWORD),
    ],
)
async def test_using_a_session_moves_its_end(
    app: FastAPI,
    user: User,
    log_in: LogIn,
    session: AsyncSession,
    settings: Settings,
    use: Callable[[httpx2.AsyncClient], asyncio.Future[httpx2.Response]],
) -> None:
    begun = now()
    headers = await log_in(user, last_used_at=begun - UNUSED, created_at=begun - UNUSED)
    async with client_key(app, headers=headers) as client:
        assert (await use(client)).status_code in (200, 204)
    used, ends = await times(session)
    assert begun <= used <= now()
    assert ends == used + timedelta(days=settings.accounts.idle_days)


async def test_use_is_noted_once_in_a_while(
    app: FastAPI,
    user: User,
    log_in: LogIn,
    session: AsyncSession,
    statements: list[str],
) -> None:
    async with client_key(
        app, headers=await log_in(user, last_used_at=now() - UNUSED)
    ) as client:
        await client.get(ME)
        noted = await times(session)
        statements.clear()
        for _ in range(2):
            assert (await client.get(ME)).status_code == 200
    assert [one for one in statements if not one.startswith("SELECT")] == []
    assert await times(session) == noted


async def test_how_often_it_is_noted_can_be_set(
    serve: Serve, user: User, log_in: LogIn, session: AsyncSession
) -> None:
    headers = await log_in(user, last_used_at=now() - UNUSED)
    before = await times(session)
    for interval, is_noted in ((3600, False), (1, True)):
        app = serve(cookies=CookieSettings(use_interval=interval))
        async with client_key(app, headers=headers) as client:
            assert (await client.get(ME)).status_code == 200
        assert (await times(session) != before) == is_noted


async def test_a_refused_request_is_no_use(
    app: FastAPI, user: User, log_in: LogIn, session: AsyncSession
) -> None:
    async with client_key(
        app, headers=await log_in(user, last_used_at=now() - UNUSED)
    ) as client:
        before = await times(session)
        for response, status in (
            (await client.patch(ME, json={}, headers={TOKEN: "x"}), 403),
            (await client.patch(ME, json={}, headers={"Origin": "null"}), 403),
            (await client.get("/api/v1/users"), 403),
            (await client.get(f"/samples/{user.id}"), 404),
        ):
            assert response.status_code == status
    assert await times(session) == before


async def test_no_use_prolongs_a_session_beyond_its_lifetime(
    app: FastAPI, user: User, log_in: LogIn, session: AsyncSession, settings: Settings
) -> None:
    end = now() + timedelta(minutes=5)
    begun = end - settings.accounts.session_lifetime
    values = {"created_at": begun, "last_used_at": now() - UNUSED, "expires_at": end}
    async with client_key(app, headers=await log_in(user, **values)) as client:
        assert (await client.get(ME)).status_code == 200
    used, ends = await times(session)
    assert used > now() - UNUSED
    assert ends == end


async def test_a_session_that_was_not_used_for_too_long_stays_over(
    app: FastAPI, user: User, log_in: LogIn, session: AsyncSession
) -> None:
    over = now() - timedelta(seconds=1)
    async with client_key(app, headers=await log_in(user, expires_at=over)) as client:
        before = await times(session)
        assert [(await client.get(ME)).status_code for _ in range(2)] == [401, 401]
    assert await times(session) == before


@pytest.mark.committed
async def test_a_session_is_used_by_many_requests_at_once(
    app: FastAPI, user: User, log_in: LogIn, session: AsyncSession
) -> None:
    begun = now()
    headers = await log_in(user, last_used_at=begun - UNUSED)
    async with client_key(app, headers=headers) as client:
        reads = [client.get(ME) for _ in range(10)]
        changes = [client.patch(ME, json={"full_name": f"Ada {n}"}) for n in range(10)]
        responses = await asyncio.gather(*reads, *changes)
    assert [response.status_code for response in responses] == [200] * 20
    used, _ = await times(session)
    assert used >= begun


@pytest.mark.committed
async def test_using_a_session_never_brings_it_back(
    app: FastAPI,
    user: User,
    log_in: LogIn,
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    for _ in range(3):
        headers = await log_in(user, last_used_at=now() - UNUSED)
        async with client_key(app, headers=headers) as client:
            calls = [client.get(ME) for _ in range(5)]
            logout, *reads = await asyncio.gather(client.post(LOGOUT), *calls)
        assert logout.status_code == 204
        assert {response.status_code for response in reads} <= {200, 401}
        async with sessions() as session:
            assert (await session.scalars(select(AuthSession))).all() == []
