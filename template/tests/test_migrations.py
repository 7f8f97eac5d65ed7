"""Migrations: they lead to the tables of the models, and back."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.db import dialect
from app.db.session import PYPROJECT, expected_revision
from tests.fixtures.database import alembic, migrated_tables
from tests.fixtures.process import start

DIFFERENT = 'The models and the migrations differ: run `uv run just makemigration "what changed"`.'


@pytest.fixture
async def fresh(empty_database: Settings) -> AsyncIterator[AsyncEngine]:
    """Give an engine for an empty database."""
    url = empty_database.database_url.get_secret_value()
    engine = dialect.create_engine(url, empty_database.database)
    yield engine
    await engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def tables_of_models() -> set[str]:
    return {table.name for table in migrated_tables()}


def test_there_is_one_newest_migration() -> None:
    heads = ScriptDirectory.from_config(Config(toml_file=PYPROJECT)).get_heads()
    assert heads == [expected_revision()]


def test_the_models_and_the_migrations_agree(empty_database: Settings) -> None:
    alembic(empty_database, "upgrade", "head")
    # In a process of its own, which knows no model that is defined in tests.
    with start(empty_database, "alembic", "check") as process:
        output = "".join(process.communicate())
    assert process.returncode == 0, f"{DIFFERENT}\n{output}"


async def test_migrations_lead_there_and_back(
    empty_database: Settings, fresh: AsyncEngine
) -> None:
    for revision, expected in (("head", tables_of_models()), ("base", set())) * 2:
        alembic(empty_database, "upgrade" if expected else "downgrade", revision)
        async with fresh.connect() as connection:
            assert await connection.run_sync(tables) == expected


async def test_who_comes_second_waits(
    empty_database: Settings, fresh: AsyncEngine
) -> None:
    with ThreadPoolExecutor(1) as executor:
        async with fresh.connect() as connection:
            await connection.run_sync(dialect.lock_migrations)
            second = executor.submit(alembic, empty_database, "upgrade", "head")
            with pytest.raises(StillWaiting):
                second.result(timeout=0.3)
        await fresh.dispose()
        second.result()
    async with fresh.connect() as connection:
        assert await connection.run_sync(tables) == tables_of_models()


def test_of_two_that_migrate_at_once_one_does_it(empty_database: Settings) -> None:
    running = [start(empty_database, "alembic", "upgrade", "head") for _ in range(2)]
    outputs = ["".join(process.communicate()) for process in running]
    assert [process.returncode for process in running] == [0, 0], outputs
    assert sum("Running upgrade  -> " in output for output in outputs) == 1
