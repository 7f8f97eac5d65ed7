"""What is particular to PostgreSQL."""

import ssl
from pathlib import Path

import httpx2
import pytest
import trustme
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.http.errors import LOST_CONNECTION
from app.db import dialect
from app.db.postgresql import DatabaseSettings, encryption
from app.db.violations import Outage


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@db/name", "postgresql+asyncpg://u:p@db/name"),
        ("postgresql://db:5433/name", "postgresql+asyncpg://db:5433/name"),
        ("postgresql+asyncpg://db/name", "postgresql+asyncpg://db/name"),
        (
            "postgresql://db/name?sslmode=require",
            "postgresql+asyncpg://db/name?sslmode=require",
        ),
        (
            "postgres://db/name?sslmode=verify-full&channel_binding=require",
            "postgresql+asyncpg://db/name?sslmode=verify-full",
        ),
        (
            "postgresql://db/name?ssl=disable&connect_timeout=10&keepalives_idle=30",
            "postgresql+asyncpg://db/name?sslmode=disable",
        ),
        (
            "postgresql:///name?host=/run/postgresql&application_name=shop",
            "postgresql+asyncpg:///name?application_name=shop&host=%2Frun%2Fpostgresql",
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
        "postgresql://db/name?local_infile=1",
        "postgresql://db/name?sslmode=on",
        "postgresql://db/name?sslmode=require&sslmode=disable",
        "postgresql://db/name?sslmode=verify-full&sslrootcert=missing.pem",
    ],
)
def test_another_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"must|unknown"):
        dialect.normalize_url(given)


async def test_parameters_of_the_address_reach_the_server(settings: Settings) -> None:
    address = make_url(settings.database_url.get_secret_value())
    parameters = {"application_name": "shop", "options": "-c work_mem=123kB"}
    url = address.update_query_dict(parameters).render_as_string(hide_password=False)
    engine = dialect.create_engine(dialect.normalize_url(url), DatabaseSettings())
    names = (*parameters, "work_mem", "lock_timeout")
    async with engine.connect() as connection:
        found = [await connection.scalar(text(f"SHOW {names[n]}")) for n in (0, 2, 3)]
    await engine.dispose()
    assert found == ["shop", "123kB", "5s"]


@pytest.mark.parametrize(
    ("mode", "named"), [("verify-ca", False), ("verify-full", True)]
)
@pytest.mark.parametrize("root", [{}, {"sslrootcert": "system"}])
def test_a_certificate_is_verified_by_what_the_machine_trusts(
    mode: str, named: bool, root: dict[str, str]
) -> None:
    arguments = encryption({"sslmode": mode, "application_name": "shop", **root})
    assert arguments["dsn"] == "postgresql://?application_name=shop"
    context = arguments["ssl"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, named)


async def test_a_server_of_another_authority_is_not_believed(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "root.pem"
    trustme.CA().cert_pem.write_to_path(file)
    address = make_url(settings.database_url.get_secret_value())
    verified = {"sslmode": "verify-full", "sslrootcert": str(file)}
    for parameters in (verified, {"sslmode": "verify-full"}):
        url = address.update_query_dict(parameters).render_as_string(
            hide_password=False
        )
        engine = dialect.create_engine(dialect.normalize_url(url), DatabaseSettings())
        with pytest.raises(LOST_CONNECTION):
            await engine.connect()
        await engine.dispose()


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
    assert dialect.find_outage(error) is Outage.SLOW


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        ("53100", Outage.FULL),
        ("53300", Outage.GONE),
        ("57P01", Outage.GONE),
        ("08006", Outage.GONE),
        ("28P01", Outage.GONE),
        ("3D000", Outage.GONE),
        ("25006", Outage.GONE),
        ("40001", Outage.LOCKED),
        ("40P01", Outage.LOCKED),
        ("57014", Outage.SLOW),
        ("22012", None),
    ],
)
async def test_each_outage_has_its_kind(
    settings: Settings, state: str, outage: Outage | None
) -> None:
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
    error = await failing(settings, DatabaseSettings(), statement)
    assert dialect.find_outage(error) is outage


async def test_a_long_wait_for_a_lock_is_ended_by_the_server(
    settings: Settings, engine: AsyncEngine
) -> None:
    lock = "LOCK TABLE samples IN ACCESS EXCLUSIVE MODE"
    async with engine.begin() as connection:
        await connection.execute(text(lock))
        error = await failing(settings, DatabaseSettings(lock_timeout=0.05), lock)
    assert dialect.find_outage(error) is Outage.LOCKED


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
