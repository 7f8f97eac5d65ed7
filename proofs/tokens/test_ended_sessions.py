"""Whatever ends a session ends both of its tokens."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.settings import AccountSettings
from app.core.security.opaque_tokens import new_token
from app.db.base import now
from proofs.accounts.calls import ME, USERS, attempt, change_password
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD
from proofs.tokens.tokens import (
    bearer,
    read_profile,
    refresh,
    refresh_token_of,
    refreshed,
)

AUTH = "/api/v1/auth"
ENDS: list[Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]] = [
    lambda client: client.post(f"{AUTH}/logout-all"),
    lambda client: client.delete(ME),
    lambda client: change_password(client, PASSWORD),
]


async def test_logging_out_ends_both_tokens_of_the_session_alone(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token, other = [await refresh_token_of(session, user) for _ in range(2)]
    pair = await refreshed(anonymous, token)
    headers = bearer(pair["access_token"])
    assert (await anonymous.post(f"{AUTH}/logout", headers=headers)).status_code == 204
    ended = await anonymous.get(ME, headers=headers)
    assert ended.status_code == 401
    assert ended.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert (await refresh(anonymous, pair["refresh_token"])).status_code == 401
    assert (await refresh(anonymous, other)).status_code == 200


@pytest.mark.parametrize("end", ENDS)
async def test_what_ends_other_sessions_ends_their_tokens(
    client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    end: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]],
) -> None:
    pair = await refreshed(client, await refresh_token_of(session, user))
    assert (await end(client)).status_code == 204
    assert await read_profile(client, pair["access_token"]) == 401
    assert (await refresh(client, pair["refresh_token"])).status_code == 401


async def test_a_user_whom_an_admin_disables_refreshes_nothing_ever_again(
    anonymous: httpx2.AsyncClient,
    admin_client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
) -> None:
    token = await refresh_token_of(session, user)
    for is_active in (False, True):
        await admin_client.patch(f"{USERS}/{user.id}", json={"is_active": is_active})
        assert (await refresh(anonymous, token)).status_code == 401


async def test_a_user_who_is_disabled_in_the_database_refreshes_nothing(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    await session.execute(update(User).values(is_active=False))
    await session.commit()
    assert (await refresh(anonymous, token)).status_code == 401


async def test_a_session_too_many_ends_the_token_of_the_oldest(
    serve: Serve, user: User, session: AsyncSession
) -> None:
    ages = (timedelta(minutes=age) for age in (1, 2))
    tokens = [
        await refresh_token_of(session, user, created_at=now() - age) for age in ages
    ]
    async with client_key(serve(accounts=AccountSettings(max_sessions=2))) as client:
        tokens.append((await attempt(client, user.username)).json()["refresh_token"])
        answers = [await refresh(client, token) for token in tokens]
    assert [answer.status_code for answer in answers] == [200, 401, 200]


async def test_nothing_is_refreshed_while_sessions_cannot_be_looked_up(
    unreachable: httpx2.AsyncClient,
) -> None:
    assert (await refresh(unreachable, new_token())).status_code == 503


async def test_a_forged_token_is_refused_without_asking_the_database(
    unreachable: httpx2.AsyncClient,
) -> None:
    assert await read_profile(unreachable, "a.b.c") == 401
