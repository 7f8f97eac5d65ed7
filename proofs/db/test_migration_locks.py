"""A migration that waits for a lock lets others go on, and ends in a sentence."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.db import dialect
from migrations import patience
from proofs.fixtures.database import alembic

READ = text("SELECT COUNT(*) FROM idempotency_keys")


@pytest.fixture
async def used(empty_database: Settings) -> AsyncIterator[AsyncEngine]:
    """Give an engine for a migrated database of the test's own."""
    alembic(empty_database, "upgrade", "head")
    url = empty_database.database_url.get_secret_value()
    engine = dialect.create_engine(url, empty_database.database)
    yield engine
    await engine.dispose()


async def tables(engine: AsyncEngine) -> set[str]:
    def read(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    async with engine.connect() as connection:
        return await connection.run_sync(read)


async def test_others_go_on_while_it_waits(
    empty_database: Settings, used: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = asyncio.Event()
    loop = asyncio.get_running_loop()

    def is_lock_timeout(error: object) -> bool:
        is_one = original(error)
        if is_one:
            loop.call_soon_threadsafe(paused.set)
        return is_one

    original = patience.is_lock_timeout
    monkeypatch.setattr(patience, "is_lock_timeout", is_lock_timeout)
    async with used.connect() as holder:
        await holder.execute(READ)
        migrating = asyncio.create_task(
            asyncio.to_thread(alembic, empty_database, "downgrade", "base")
        )
        await paused.wait()
        async with used.connect() as reader:
            await reader.execute(READ)
        assert not migrating.done()
    await migrating
    assert await tables(used) == {"alembic_version"}


async def test_a_lock_that_is_never_given_ends_in_a_sentence(
    empty_database: Settings, used: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "TRIES", 1)
    async with used.connect() as holder:
        await holder.execute(READ)
        with pytest.raises(SystemExit) as ended:
            await asyncio.to_thread(alembic, empty_database, "downgrade", "base")
    assert ended.value.code == patience.LOCKED
