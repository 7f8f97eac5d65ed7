"""The engine: how connections are made and transactions begun."""

import logging
from contextlib import suppress
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.db.sqlite.settings import DatabaseSettings

# At DEBUG the driver writes every parameter to the log, secrets too.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Make the engine; the folder of the file is made too, if it is missing.

    Args:
        url: The address, with its driver.
        settings: Time-outs and the size of the pool.
    """
    # Where this fails, connecting will too: requests get 503 until the folder is there.
    with suppress(OSError):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.pool_timeout,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver would begin late and never before SELECT: `begin` below does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={settings.busy_timeout * 1000:.0f}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=NORMAL")
        # The file keeps this mode. Only the first connection to a new file sets it, and SQLite
        # refuses whoever tries at the same moment at once, without waiting.
        with suppress(OperationalError):
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    event.listen(engine.sync_engine, "begin", begin)
    return engine


def begin(connection: Connection) -> None:
    """Begin a transaction: for writing, unless the execution option `sqlite_begin` says DEFERRED.

    A transaction that reads first and writes later fails at once when another one wrote in
    between, however long `busy_timeout` is: https://sqlite.org/rescode.html#busy_snapshot.
    """
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")
