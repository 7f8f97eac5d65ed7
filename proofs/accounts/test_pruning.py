"""What has expired is deleted now and then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.models import AuditEvent, AuthSession, User
from app.accounts.settings import AuditSettings
from app.config import Settings
from app.core.background import prune, pruning
from app.db.base import now
from app.features import PRUNABLE

PAST, FUTURE = timedelta(seconds=-1), timedelta(minutes=1)


async def plant(
    session: AsyncSession, user: User, name: str, lifetime: timedelta
) -> None:
    """Insert a row into each table of what expires."""
    expires_at, empty = now() + lifetime, {"user_agent": "", "address": ""}
    auth_session = AuthSession(
        user_id=user.id, scope=name, expires_at=expires_at, **empty
    )
    session.add_all(
        [
            auth_session,
            AuditEvent(
                action=name,
                created_at=expires_at - timedelta(days=30),
                request_id="",
                **empty,
            ),
        ]
    )
    await session.commit()


async def test_what_has_expired_is_deleted_and_nothing_else(
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    user: User,
    settings: Settings,
) -> None:
    await plant(session, user, "expired", PAST)
    await plant(session, user, "alive", FUTURE)
    month = {"audit": AuditSettings(retention_days=30)}
    await prune(sessions, PRUNABLE, settings.model_copy(update=month))
    for column in (AuthSession.scope, AuditEvent.action):
        assert (await session.scalars(select(column))).all() == ["alive"]


class FailingOnce:
    """Begins no transaction the first time."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self.times = 0
        self.done = asyncio.Event()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """Fail, or begin a transaction."""
        self.times += 1
        if self.times == 1:
            raise ConnectionRefusedError
        async with self._sessions.begin() as session:
            yield session
        self.done.set()


async def test_pruning_goes_on_after_a_failure(
    sessions: async_sessionmaker[AsyncSession],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.background.PRUNE_INTERVAL", 0.001)
    failing = FailingOnce(sessions)
    app = FastAPI()
    app.state.sessions = failing
    async with pruning(PRUNABLE).lifespan(app, settings):
        await asyncio.wait_for(failing.done.wait(), 5)
    assert failing.times >= 2
