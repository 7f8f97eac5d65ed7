"""SQLite: one file, one writer at a time, nothing to start."""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any, Self

from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import AsyncAdaptedQueuePool, MetaData, event
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import DateTime, Text, TypeDecorator

from app.core.settings import Seconds, SettingsGroup
from app.db.violations import (
    Outage,
    Violation,
    ViolationKind,
    fields_called,
    fields_of_constraint,
)

DEFAULT_URL = "sqlite:///var/app.db"


class DatabaseSettings(SettingsGroup):
    """How the file is used.

    Attributes:
        busy_timeout: Seconds to wait for a connection, and for writers of other
            processes, before giving up with 503.
        pool_size: Connections for reading that are kept open.
        max_overflow: Connections above that, while there is need.
    """

    busy_timeout: Seconds = 5
    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10

    def for_migrations(self) -> Self:
        """Wait shortly: who migrates tries again and again."""
        return self.model_copy(update={"busy_timeout": 2})


def normalize_url(value: str) -> str:
    """Add the driver to the address of a SQLite file; `ValueError` if it is none."""
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("must be an address like sqlite:///var/app.db") from None
    if url.get_backend_name() != "sqlite":
        raise ValueError(
            f"must start with sqlite://, not {url.drivername}://; see .env"
        )
    return url.set(drivername="sqlite+aiosqlite").render_as_string(hide_password=False)


def refuse_in_production(url: str) -> None:
    """Refuse an address in memory: its data would not outlive the process."""
    name = make_url(url).database or ":memory:"
    if ":memory:" in name or "mode=memory" in url:
        raise ValueError(
            "DATABASE_URL must name a file in production: memory is lost at the end"
        )


# At DEBUG the driver writes every parameter to the log, secrets too.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine, and the file with its folder if they are missing.

    There is one connection for writing, which writers of this process get in turn:
    those that wait take none from the readers. See `only_read`.
    """
    make_file(make_url(url).database or ":memory:")
    sizes = {"pool_size": settings.pool_size, "max_overflow": settings.max_overflow}
    readers = engine_of(url, settings, {"sqlite_begin": "DEFERRED"}, **sizes)
    options = {"readers": readers.sync_engine}
    engine = engine_of(url, settings, options, pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "engine_disposed")
    def dispose(_engine: Engine) -> None:
        readers.sync_engine.dispose()

    return engine


def make_file(name: str) -> None:
    """Make a file that its owner alone reads and writes, and SQLite's beside it too."""
    if ":memory:" in name or name.startswith("file:"):
        return
    # Where this fails, connecting will too: requests get 503 until the folder is there.
    with suppress(OSError):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch(mode=0o600)


def engine_of(
    url: str, settings: DatabaseSettings, options: dict[str, Any], **sizes: int
) -> AsyncEngine:
    """Create an engine whose transactions begin as its options say."""
    engine = create_async_engine(
        url,
        hide_parameters=True,
        execution_options=options,
        poolclass=AsyncAdaptedQueuePool,
        pool_timeout=settings.busy_timeout,
        **sizes,
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


def only_read(session: AsyncSession) -> None:
    """Let a session that has not begun only read: it waits for no writer."""
    bind = session.sync_session.bind
    if isinstance(bind, Engine):
        session.sync_session.bind = bind.get_execution_options().get("readers", bind)


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
    # Not in a transaction: https://sqlite.org/pragma.html#pragma_foreign_keys.
    connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    connection.begin()


KINDS = {
    "SQLITE_CONSTRAINT_UNIQUE": ViolationKind.UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": ViolationKind.UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": ViolationKind.FOREIGN_KEY,
    "SQLITE_CONSTRAINT_NOTNULL": ViolationKind.NOT_NULL,
    "SQLITE_CONSTRAINT_CHECK": ViolationKind.CHECK,
    "SQLITE_CONSTRAINT_TRIGGER": ViolationKind.CHECK,
}
OUTAGES = {
    **dict.fromkeys(("BUSY", "LOCKED"), Outage.LOCKED),
    "FULL": Outage.FULL,
    **dict.fromkeys(("CANTOPEN", "IOERR", "READONLY"), Outage.GONE),
}


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error.

    SQLite names the columns of a unique or not-null constraint, the name of a check,
    and nothing for a foreign key: look the parent up before inserting.
    """
    kind = KINDS.get(getattr(error.orig, "sqlite_errorname", ""))
    if kind is None:
        return None
    subject = str(error.orig).rpartition(": ")[2]
    if kind is ViolationKind.CHECK:
        return Violation(kind, fields_of_constraint(metadata, subject))
    pairs = [name.partition(".") for name in subject.split(", ")]
    names = [column for _, _, column in pairs]
    return Violation(kind, fields_called(metadata, pairs[0][0], names))


def find_outage(error: DBAPIError) -> Outage | None:
    """Return why trying again can succeed, such as a full disk; else `None`."""
    _, *kind = getattr(error.orig, "sqlite_errorname", "").split("_")
    return OUTAGES.get(kind[0]) if kind else None
