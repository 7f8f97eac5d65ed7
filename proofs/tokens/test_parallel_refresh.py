"""Refreshing while others refresh, or log out."""

import asyncio

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.login.tokens.models import RefreshToken
from app.accounts.models import AuthSession, User
from proofs.tokens.tokens import (
    bearer,
    read_profile,
    refresh,
    refresh_token_of,
    refreshed,
)

pytestmark = pytest.mark.committed


@pytest.mark.parametrize("_round", range(3))
async def test_a_token_shown_at_once_has_one_live_successor_at_most(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, _round: int
) -> None:
    token = await refresh_token_of(session, user)
    responses = await asyncio.gather(*(refresh(anonymous, token) for _ in range(20)))
    assert {response.status_code for response in responses} <= {200, 401}
    pairs = [response.json() for response in responses if response.status_code == 200]
    assert len(pairs) == 1
    # Whoever came second has ended the session: it might have been the owner, or a
    # thief.
    assert await read_profile(anonymous, pairs[0]["access_token"]) == 401
    assert (await refresh(anonymous, pairs[0]["refresh_token"])).status_code == 401
    assert await session.scalar(select(func.count()).select_from(RefreshToken)) == 0


async def test_sessions_are_refreshed_at_once_without_harm(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    tokens = [await refresh_token_of(session, user) for _ in range(10)]
    responses = await asyncio.gather(*(refresh(anonymous, token) for token in tokens))
    assert [response.status_code for response in responses] == [200] * 10
    assert len({response.json()["refresh_token"] for response in responses}) == 10


async def test_who_logs_out_while_refreshing_is_logged_out(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    requests = []
    for _ in range(5):
        pair = await refreshed(anonymous, await refresh_token_of(session, user))
        headers = bearer(pair["access_token"])
        requests.append(refresh(anonymous, pair["refresh_token"]))
        requests.append(anonymous.post("/api/v1/auth/logout", headers=headers))
    responses = await asyncio.gather(*requests)
    assert {response.status_code for response in responses[::2]} <= {200, 401}
    assert {response.status_code for response in responses[1::2]} == {204}
    assert await session.scalar(select(func.count()).select_from(AuthSession)) == 0
