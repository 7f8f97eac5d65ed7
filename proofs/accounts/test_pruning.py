"""What has expired is deleted now and then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.crud.unit_of_work import (
    UnitOfWork,
    UnitOfWorkFactory,
    unit_of_work_factory,
)
from app.accounts.models.account import AuditEvent, AuthSession, User
from app.accounts.services.maintenance import prune, run_pruning
from app.accounts.settings import AuditSettings
from app.db.base import now

PAST, FUTURE = timedelta(seconds=-1), timedelta(minutes=1)


@pytest.fixture
def begin(sessions: async_sessionmaker[AsyncSession]) -> UnitOfWorkFactory:
    """Give the function that begins a unit of work."""
    return unit_of_work_factory(sessions)


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


@pytest.mark.asvs("14.2.7")
async def test_what_has_expired_is_deleted_and_nothing_else(
    session: AsyncSession, user: User, begin: UnitOfWorkFactory
) -> None:
    await plant(session, user, "expired", PAST)
    await plant(session, user, "alive", FUTURE)
    await prune(begin, AuditSettings(retention_days=30))
    for column in (AuthSession.scope, AuditEvent.action):
        assert (await session.scalars(select(column))).all() == ["alive"]


async def test_pruning_goes_on_after_a_failure(begin: UnitOfWorkFactory) -> None:
    times = 0
    done = asyncio.Event()

    @asynccontextmanager
    async def begin_later(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        nonlocal times
        times += 1
        if times == 1:
            raise ConnectionRefusedError
        async with begin(reading=reading) as unit:
            yield unit
        done.set()

    async with run_pruning(begin_later, 0.001, AuditSettings()):
        await asyncio.wait_for(done.wait(), 5)
    assert times >= 2
