"""The engine, the request's session, column types, and the lock of migrations."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, Dialect, Text, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import DateTime, TypeDecorator
from starlette.requests import Request

from app.core.http.request import SAFE_METHODS
from app.db.sqlite.settings import DatabaseSettings

# At DEBUG the driver writes every parameter to the log, secrets too.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine, and the folder of the file if it is missing.

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
        pool_timeout=settings.busy_timeout,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver would begin late and never before SELECT: `begin` below does it
        # instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={settings.busy_timeout * 1000:.0f}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=NORMAL")
        # The file keeps this mode. Only the first connection to a new file sets it, and
        # SQLite refuses a second attempt at the same time at once, without waiting.
        with suppress(OperationalError):
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    event.listen(engine.sync_engine, "begin", begin)
    return engine


def begin(connection: Connection) -> None:
    """Begin a transaction: for writing, unless `sqlite_begin` says DEFERRED.

    A transaction that reads first and writes later fails at once when another one wrote
    in between, however long `busy_timeout` is:
    https://sqlite.org/rescode.html#busy_snapshot.
    """
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


READING: dict[str, Any] = {"sqlite_begin": "DEFERRED"}
"""Execution options of a transaction that only reads: it waits for no writer."""


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction, which ends before the response is sent.

    Safe methods begin it for reading.
    """
    async with request.app.state.sessions.begin() as session:
        if request.method in SAFE_METHODS:
            await session.connection(execution_options=READING)
        yield session


LongText = Text
"""Text of any length."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time, stored as text."""

    impl = DateTime
    cache_ok = True

    def process_result_value(
        self, value: datetime | None, _driver: Dialect
    ) -> datetime | None:
        """Mark as UTC what the database returns without a time zone."""
        return value and value.replace(tzinfo=UTC)


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait, for as long as `busy_timeout`.

    The engine begins for writing, and migrations run in that one transaction. Foreign
    keys are not enforced meanwhile: Alembic changes a table by replacing it, and
    dropping the old one would delete the rows that refer to it.
    """
    cursor = connection.connection.cursor()
    # Inside a transaction this would do nothing:
    # https://sqlite.org/pragma.html#pragma_foreign_keys.
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
    connection.begin()
