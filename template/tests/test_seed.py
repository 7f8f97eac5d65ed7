"""Sample data."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli import cli
from app.config import Settings
from app.db import dialect
from app.seed import SEEDS, plant
from tests.fixtures.database import alembic

ALL = sum(len(seed.rows) for seed in SEEDS)


async def test_every_resource_gets_its_samples(session: AsyncSession) -> None:
    assert await plant(session) == ALL
    for seed in SEEDS:
        found = await session.scalar(
            select(func.count()).select_from(seed.repository.model)
        )
        assert found == len(seed.rows) > 0


async def test_samples_are_not_added_to_what_is_there(session: AsyncSession) -> None:
    await plant(session)
    assert await plant(session) == 0


def test_the_command_says_how_many_were_added(
    environment: pytest.MonkeyPatch, empty_database: Settings
) -> None:
    environment.setenv("ENVIRONMENT", "test")
    environment.setenv("DATABASE_URL", empty_database.database_url.get_secret_value())
    alembic(empty_database, "upgrade", "head")
    outputs = [CliRunner().invoke(cli, ["seed"]).output for _ in range(2)]
    assert outputs == [f"Added {ALL} samples.\n", "Added 0 samples.\n"]


async def test_the_newest_migration_can_be_undone_and_done_on_tables_with_rows(
    empty_database: Settings,
) -> None:
    url = empty_database.database_url.get_secret_value()
    engine = dialect.create_engine(url, empty_database.database)
    alembic(empty_database, "upgrade", "head")
    async with AsyncSession(engine) as session, session.begin():
        assert await plant(session) == ALL
    alembic(empty_database, "downgrade", "-1")
    alembic(empty_database, "upgrade", "head")
    async with AsyncSession(engine) as session, session.begin():
        await plant(session)
        table = SEEDS[0].repository.model.__tablename__
        count = await session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
    await engine.dispose()
    assert count >= len(SEEDS[0].rows)
