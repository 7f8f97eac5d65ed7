"""What is particular to SQLite."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.config import Settings
from app.core.logging import configure_logging
from app.db import dialect
from app.db.sqlite import DatabaseSettings
from app.db.violations import Outage
from migrations import patience
from proofs.fixtures.database import alembic
from proofs.fixtures.log import ReadLog

PATH = "/samples"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///var/app.db", "sqlite+aiosqlite:///var/app.db"),
        ("sqlite:////data/app.db", "sqlite+aiosqlite:////data/app.db"),
        ("sqlite+aiosqlite:///app.db", "sqlite+aiosqlite:///app.db"),
    ],
)
def test_an_address_names_its_driver(given: str, expected: str) -> None:
    assert dialect.normalize_url(given) == expected


@pytest.mark.parametrize(
    "given", ["", "app.db", "http://example.com/app.db", "mssql://db"]
)
def test_another_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must"):
        dialect.normalize_url(given)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?cache=shared&uri=true",
        "sqlite:///file:x?mode=memory&uri=true",
    ],
)
def test_production_refuses_a_database_in_memory(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL must name a file"):
        dialect.refuse_in_production(dialect.normalize_url(url))


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "var" / "new.db"
    engine = dialect.create_engine(f"sqlite+aiosqlite:///{file}", DatabaseSettings())
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE made (id INTEGER)"))
        modes = {
            path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()
        }
    await engine.dispose()
    assert modes == dict.fromkeys(("new.db", "new.db-shm", "new.db-wal"), 0o600)


@pytest.mark.parametrize("name", ["file:x?uri=true", "file:new.db?mode=ro&uri=true"])
def test_an_address_with_options_makes_no_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    dialect.create_engine(f"sqlite+aiosqlite:///{name}", DatabaseSettings())
    assert list(tmp_path.iterdir()) == []


async def test_connections_keep_foreign_keys_and_write_ahead(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        pragmas = ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        results = [
            await connection.exec_driver_sql(f"PRAGMA {pragma}") for pragma in pragmas
        ]
        assert [result.scalar() for result in results] == [1, "wal", 1, 5000]


async def test_a_new_file_that_another_process_sets_up_can_be_connected_to(
    tmp_path: Path,
) -> None:
    file = tmp_path / "new.db"
    engine = dialect.create_engine(
        f"sqlite+aiosqlite:///{file}", DatabaseSettings(busy_timeout=0.05)
    )
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE made_by_it (id INTEGER)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM made_by_it")
        async with engine.connect() as connection:
            assert not connection.closed
    await engine.dispose()


def logged_outages(log: ReadLog) -> list[tuple[str, str]]:
    """Give the kind of each outage in the log, and what the driver said of it."""
    found = [one for one in log() if one["event"] == "database_unavailable"]
    return [(one["kind"], one["error"]) for one in found]


@pytest.mark.committed
async def test_a_writer_that_waits_too_long_is_told_to_come_back(
    client: httpx2.AsyncClient,
    sessions: async_sessionmaker[AsyncSession],
    settings: Settings,
    log: ReadLog,
) -> None:
    configure_logging("INFO", json=True)
    impatient = dialect.create_engine(
        settings.database_url.get_secret_value(), DatabaseSettings(busy_timeout=0.05)
    )
    async with sessions.begin() as other:
        await other.connection()
        sessions.configure(bind=impatient)
        response = await client.post(PATH, json={"name": "Lamp"})
    await impatient.dispose()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error_code"] == "service_unavailable"
    assert response.json()["detail"] == Outage.LOCKED
    assert logged_outages(log) == [("locked", "database is locked")]


async def answer_of(
    client: httpx2.AsyncClient, sessions: async_sessionmaker[AsyncSession], url: URL
) -> httpx2.Response:
    """Write to a database that may grow no more, until it refuses."""
    full = dialect.create_engine(
        url.render_as_string(hide_password=False), DatabaseSettings()
    )

    @event.listens_for(full.sync_engine, "begin")
    def stop_growing(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    sessions.configure(bind=full)
    for number in range(500):
        response = await client.post(PATH, json={"name": f"{number} {'x' * 90}"})
        if response.status_code != 201:
            break
    await full.dispose()
    return response


@pytest.mark.committed
async def test_a_full_disk_is_called_so(
    client: httpx2.AsyncClient,
    sessions: async_sessionmaker[AsyncSession],
    settings: Settings,
    log: ReadLog,
) -> None:
    configure_logging("INFO", json=True)
    url = make_url(settings.database_url.get_secret_value())
    response = await answer_of(client, sessions, url)
    assert (response.status_code, response.json()["detail"]) == (503, Outage.FULL)
    assert logged_outages(log) == [("full", "database or disk is full")]


@pytest.mark.parametrize(
    ("name", "outage"),
    [
        ("SQLITE_BUSY_SNAPSHOT", Outage.LOCKED),
        ("SQLITE_LOCKED_SHAREDCACHE", Outage.LOCKED),
        ("SQLITE_FULL", Outage.FULL),
        ("SQLITE_CANTOPEN", Outage.GONE),
        ("SQLITE_IOERR_WRITE", Outage.GONE),
        ("SQLITE_READONLY_DBMOVED", Outage.GONE),
        ("SQLITE_ERROR", None),
        ("SQLITE_CONSTRAINT_UNIQUE", None),
        ("", None),
    ],
)
def test_each_outage_has_its_kind(name: str, outage: Outage | None) -> None:
    error = sqlite3.OperationalError("canary")
    error.sqlite_errorname = name
    assert dialect.find_outage(DBAPIError("", {}, error)) is outage


@pytest.mark.committed
async def test_writers_that_wait_keep_nobody_from_reading(
    client: httpx2.AsyncClient,
    sessions: async_sessionmaker[AsyncSession],
    settings: Settings,
) -> None:
    limits = settings.database
    async with sessions.begin() as other:
        await other.connection()
        writers = [
            asyncio.create_task(client.post(PATH, json={"name": f"Lamp {number}"}))
            for number in range(limits.pool_size + limits.max_overflow + 1)
        ]
        pages = [await client.get(PATH) for _ in range(3)]
        assert not any(writer.done() for writer in writers)
    assert {page.status_code for page in pages} == {200}
    created = await asyncio.gather(*writers)
    assert {response.status_code for response in created} == {201}


async def test_a_migration_that_cannot_begin_ends_in_a_sentence(
    empty_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "TRIES", 1)
    alembic(empty_database, "upgrade", "head")
    file = make_url(empty_database.database_url.get_secret_value()).database
    with closing(sqlite3.connect(str(file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SystemExit) as ended:
            alembic(empty_database, "downgrade", "base")
    assert ended.value.code == patience.LOCKED
