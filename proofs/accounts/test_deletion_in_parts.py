"""What is deleted is much, and others want to write meanwhile."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.models import AuditEvent, User
from app.config import Settings
from app.core.background import prune
from app.core.resource import repository
from app.db.base import now
from app.features import PRUNABLE
from proofs.accounts.calls import ME
from proofs.fixtures.users import LogIn, MakeUser
from proofs.sample.owned.models import OwnedSample, OwnedSamplePart

pytestmark = pytest.mark.committed
URL = "/owned-samples"
PART, ROWS = 3, 30

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let parts be small."""
    monkeypatch.setattr(repository, "PART", PART)


@contextmanager
def counting(sessions: Sessions) -> Iterator[list[int]]:
    """Collect how many rows the statements of each transaction have changed."""
    engine, counts = sessions.kw["bind"].sync_engine, [0]

    def count(_c: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(("DELETE", "UPDATE")):
            counts[-1] += cursor.rowcount

    def end(_connection: Any) -> None:
        counts.append(0)

    event.listen(engine, "after_cursor_execute", count)
    event.listen(engine, "commit", end)
    try:
        yield counts
    finally:
        event.remove(engine, "after_cursor_execute", count)
        event.remove(engine, "commit", end)


async def fill(session: AsyncSession, owner: User) -> None:
    """Create rows that refer to each other."""
    sample = OwnedSample(owner_id=owner.id, name="Lamp")
    session.add(sample)
    await session.flush()
    rows = [
        OwnedSamplePart(owner_id=owner.id, owned_sample_id=sample.id)
        for _ in range(ROWS)
    ]
    session.add_all(rows)
    await session.flush()
    for one, twin in pairwise(rows):
        one.twin_id = twin.id
    await session.commit()


async def test_the_rows_of_a_user_go_in_parts(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    sessions: Sessions,
) -> None:
    leaving, staying = await make_user(), await make_user()
    headers, others = await log_in(leaving), await log_in(staying)
    for owner in (leaving, staying):
        await fill(session, owner)
    done = []

    async def leave() -> None:
        done.append((await anonymous.delete(ME, headers=headers)).status_code)

    async def write() -> None:
        for number in range(5):
            body = {"name": f"Desk {number}"}
            response = await anonymous.post(URL, json=body, headers=others)
            done.append(response.status_code)

    with counting(sessions) as counts:
        await asyncio.gather(leave(), write())
    # Whoever writes meanwhile does not wait until all is gone.
    assert done == [201] * 5 + [204]
    assert max(counts) == PART
    assert sum(counts) >= 2 * ROWS
    for model, number in ((OwnedSample, 6), (OwnedSamplePart, ROWS), (User, 1)):
        assert await session.scalar(select(func.count()).select_from(model)) == number


async def test_what_has_expired_goes_in_parts(
    session: AsyncSession, sessions: Sessions, settings: Settings
) -> None:
    ages = [settings.audit.retention * 2] * (3 * PART) + [settings.audit.retention / 2]
    empty = {"action": "old", "address": "", "user_agent": "", "request_id": ""}
    session.add_all(AuditEvent(created_at=now() - age, **empty) for age in ages)
    await session.commit()
    with counting(sessions) as counts:
        await prune(sessions, PRUNABLE, settings)
    assert (max(counts), sum(counts)) == (PART, 3 * PART)
    assert await session.scalar(select(func.count()).select_from(AuditEvent)) == 1
