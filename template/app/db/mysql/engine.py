"""The engine, the request's session, column types, and the lock of migrations."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Table, event, make_url, text
from sqlalchemy.dialects.mysql import DATETIME, LONGTEXT
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import TypeDecorator
from starlette.requests import Request

from app.db.mysql.settings import DatabaseSettings

POOL_RECYCLE = 1800
"""Seconds after which a connection is replaced; below the server's wait_timeout."""


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine.

    A transaction sees what others have committed: under the server's default,
    REPEATABLE READ, a row that just caused a duplicate-key error could not be read.

    Args:
        url: The address, with its driver.
        settings: Time-outs and the size of the pool.
    """
    mode = make_url(url).query.get("ssl_mode", "PREFERRED")
    engine = create_async_engine(
        make_url(url).difference_update_query(["ssl_mode"]),
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args=connect_arguments(settings) | encryption(mode),
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.connect_timeout,
        pool_recycle=POOL_RECYCLE,
        pool_pre_ping=True,
    )
    event.listen(engine.sync_engine, "do_connect", connect)
    return engine


def connect(
    dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]
) -> DBAPIConnection:
    """Connect.

    Raises:
        ConnectionResetError: If the server hangs up meanwhile; the driver's own error
            says less.
    """
    try:
        return dialect.connect(*arguments, **options)
    except RuntimeError as error:
        # asyncmy asks uvloop for the socket of a connection that is closed already.
        raise ConnectionResetError(str(error)) from error


def encryption(mode: str | tuple[str, ...]) -> dict[str, Any]:
    """Return the argument for `ssl_mode`; below `VERIFY_CA` any certificate will do."""
    if mode in ("DISABLED", "PREFERRED"):
        return {}
    context = ssl.create_default_context()
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}


def connect_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """Return the arguments: the server ends what takes long, the client a hang.

    MariaDB and MySQL name the limit of a query differently; each skips the other's
    comment.
    """
    limit = settings.statement_timeout
    return {
        "connect_timeout": settings.connect_timeout,
        "read_timeout": limit + 1,
        "init_command": (
            f"SET SESSION innodb_lock_wait_timeout={settings.lock_timeout}"
            f" /*M!100100 , max_statement_time={limit} */"
            f" /*!50708 , max_execution_time={limit * 1000:.0f} */"
        ),
    }


@event.listens_for(Table, "before_create")
def compare_exactly(table: Table, _connection: Connection, **_: Any) -> None:
    """Compare text by its characters: by default `e` and `é` are the same."""
    for dialect in ("mysql", "mariadb"):
        table.dialect_kwargs.setdefault(f"{dialect}_charset", "utf8mb4")
        table.dialect_kwargs.setdefault(f"{dialect}_collate", "utf8mb4_bin")


READING: dict[str, Any] = {}
"""Execution options of a transaction that only reads."""


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction, which ends before the response is sent."""
    async with request.app.state.sessions.begin() as session:
        yield session


LongText = LONGTEXT
"""Text of any length; `TEXT` ends at 65,535 bytes."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time, stored with its microseconds."""

    impl = DATETIME(fsp=6)
    cache_ok = True

    def process_result_value(
        self, value: datetime | None, _driver: Dialect
    ) -> datetime | None:
        """Mark as UTC what the database returns without a time zone."""
        return value and value.replace(tzinfo=UTC)


WAIT_SECONDS = 60


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait; the lock ends with the connection.

    Raises:
        RuntimeError: If another process is still migrating after a minute.
    """
    statement = text("SELECT GET_LOCK(CONCAT('migrate:', DATABASE()), :seconds)")
    if connection.scalar(statement, {"seconds": WAIT_SECONDS}) != 1:
        raise RuntimeError(
            "Another migration is still running; try again when it has ended."
        )
    connection.commit()
