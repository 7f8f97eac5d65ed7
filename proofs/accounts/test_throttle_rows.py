"""Attempts are counted in rows of the database."""

from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.background import prune
from app.core.security.throttle.database import Throttle
from app.db.base import now
from app.features import PRUNABLE
from proofs.accounts.calls import attempt
from proofs.accounts.guesses import AWAY, WRONG, client_at, statuses


async def test_the_wait_is_capped(two_are_free: FastAPI, session: AsyncSession) -> None:
    waits = []
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada", WRONG)
        for failures in (2, 3, 6, 7, 8, 2_000_000_000):
            await session.execute(update(Throttle).values(failures=failures))
            await session.commit()
            waits.append(int((await attempt(client, "ada")).headers["Retry-After"]))
    assert waits == [1, 2, 16, 30, 30, 60]


async def test_what_comes_too_early_costs_one_query(
    two_are_free: FastAPI, statements: list[str]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await statuses(client, "ada", WRONG, WRONG)
        statements.clear()
        assert await statuses(client, "ada", WRONG) == [429]
    assert len(statements) == 1
    assert statements[0].startswith("SELECT")


async def test_the_table_names_nobody(
    two_are_free: FastAPI, session: AsyncSession
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada@example.com", WRONG)
    rows = (await session.scalars(select(Throttle))).all()
    stored = [text for row in rows for text in (row.key, row.account) if text]
    assert len(rows) == 3
    assert all(len(text) == 64 and int(text, 16) for text in stored)


async def test_attempts_that_have_expired_are_deleted_and_no_others(
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    settings: Settings,
) -> None:
    for key, seconds in (("expired", -1), ("alive", 60)):
        expires_at = now() + timedelta(seconds=seconds)
        session.add(Throttle(key=key, failures=1, last_at=now(), expires_at=expires_at))
    await session.commit()
    await prune(sessions, PRUNABLE, settings)
    assert (await session.scalars(select(Throttle.key))).all() == ["alive"]
