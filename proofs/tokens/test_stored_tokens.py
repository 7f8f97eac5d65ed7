"""What is kept of refresh tokens, for how long, and what is recorded about them."""

from datetime import timedelta
from uuid import uuid4

import httpx2
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.login.tokens.models import RefreshToken
from app.accounts.models import AuditAction, AuditEvent, User
from app.config import Settings
from app.core.background import prune
from app.core.security.opaque_tokens import digest, new_token
from app.db.base import now
from app.features import PRUNABLE
from proofs.accounts.calls import attempt
from proofs.tokens.tokens import refresh, refresh_token_of, refreshed


async def test_digests_are_kept_and_no_tokens(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    first = (await attempt(anonymous, user.username)).json()["refresh_token"]
    second = (await refreshed(anonymous, first))["refresh_token"]
    kept = set(await session.scalars(select(RefreshToken.digest)))
    assert kept == {digest(first), digest(second)}


async def test_tokens_are_deleted_when_they_have_expired(
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    user: User,
    settings: Settings,
) -> None:
    await refresh_token_of(session, user, expires_at=now() - timedelta(seconds=1))
    alive = await refresh_token_of(session, user)
    await prune(sessions, PRUNABLE, settings)
    assert (await session.scalars(select(RefreshToken.digest))).all() == [digest(alive)]


async def test_a_used_token_is_remembered_while_its_session_lasts(
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    anonymous: httpx2.AsyncClient,
    user: User,
    settings: Settings,
) -> None:
    await refreshed(anonymous, await refresh_token_of(session, user))
    await prune(sessions, PRUNABLE, settings)
    count = select(func.count()).where(RefreshToken.used_at.is_not(None))
    assert await session.scalar(count) == 1


async def test_a_token_that_is_shown_again_is_recorded(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    await refreshed(anonymous, token)
    replayed = await refresh(anonymous, token)
    recorded = (await session.scalars(select(AuditEvent))).one()
    assert (recorded.action, recorded.user_id) == (AuditAction.TOKEN_REUSED, user.id)
    assert (recorded.actor_id, recorded.address) == (None, "127.0.0.1")
    assert recorded.request_id == replayed.headers["X-Request-ID"]


async def test_a_token_that_is_none_is_not_recorded(
    anonymous: httpx2.AsyncClient, session: AsyncSession
) -> None:
    for token in (new_token(), str(uuid4())):
        assert (await refresh(anonymous, token)).status_code == 401
    assert (await session.scalars(select(AuditEvent))).all() == []
