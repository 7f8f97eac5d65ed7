"""What is particular to PostgreSQL."""

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.config import Settings
from app.db import dialect
from app.db.postgresql import DatabaseSettings


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@db/name", "postgresql+asyncpg://u:p@db/name"),
        ("postgresql://db:5433/name", "postgresql+asyncpg://db:5433/name"),
        ("postgresql+asyncpg://db/name", "postgresql+asyncpg://db/name"),
        (
            "postgresql://db/name?sslmode=require",
            "postgresql+asyncpg://db/name?ssl=require",
        ),
        (
            "postgresql://db/name?sslmode=disable&channel_binding=prefer",
            "postgresql+asyncpg://db/name?ssl=disable",
        ),
    ],
)
def test_an_address_names_its_driver(given: str, expected: str) -> None:
    assert dialect.normalize_url(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "db/name",
        "http://db/name",
        "mssql://db/name",
        "postgresql://db/name?options=x",
    ],
)
def test_another_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"must|unknown"):
        dialect.normalize_url(given)


def test_production_refuses_the_password_of_the_examples() -> None:
    dialect.refuse_in_production("postgresql+asyncpg://app:Wq3-rT9@db/name")
    with pytest.raises(ValueError, match="DATABASE_URL"):
        dialect.refuse_in_production("postgresql+asyncpg://app:change-me@db/name")


async def failing(
    settings: Settings, group: DatabaseSettings, statement: str
) -> DBAPIError:
    engine = dialect.create_engine(settings.database_url.get_secret_value(), group)
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(text(statement))
    await engine.dispose()
    return caught.value


@pytest.mark.usefixtures("migrated")
async def test_a_slow_statement_is_ended_by_the_server(settings: Settings) -> None:
    group = DatabaseSettings(statement_timeout=0.05)
    error = await failing(settings, group, "SELECT pg_sleep(5)")
    assert dialect.is_unavailable(error)


async def test_a_long_wait_for_a_lock_is_ended_by_the_server(
    settings: Settings, engine: AsyncEngine
) -> None:
    lock = "LOCK TABLE samples IN ACCESS EXCLUSIVE MODE"
    async with engine.begin() as connection:
        await connection.execute(text(lock))
        error = await failing(settings, DatabaseSettings(lock_timeout=0.05), lock)
    assert dialect.is_unavailable(error)


async def test_text_sorts_alike_on_every_server(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        collations = await connection.scalars(
            text(
                "SELECT DISTINCT collation_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
            )
        )
        assert collations.all() == ["C"]


@pytest.mark.committed
async def test_a_connection_that_the_server_has_ended_is_replaced(
    client: httpx2.AsyncClient, sessions: async_sessionmaker[AsyncSession]
) -> None:
    assert (await client.get("/samples")).status_code == 200
    async with sessions.begin() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    assert (await client.get("/samples")).status_code == 200
