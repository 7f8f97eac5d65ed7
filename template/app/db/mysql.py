"""MySQL and MariaDB, through asyncmy."""

import re
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import Connection, Dialect, MetaData, Table, event, make_url, text
from sqlalchemy.dialects.mysql import DATETIME, LONGTEXT
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import TypeDecorator

from app.core.settings import Seconds, SettingsGroup
from app.db.server import Pool
from app.db.server import refuse_in_production as refuse_in_production
from app.db.violations import (
    Outage,
    Violation,
    ViolationKind,
    fields_called,
    fields_of_constraint,
)

DEFAULT_URL = ""
SSL_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")


class DatabaseSettings(SettingsGroup):
    """How the server is used.

    Attributes:
        pool_size: Connections that each process keeps open.
        max_overflow: Connections above that, while there is need.
        connect_timeout: Seconds that all may take until a connection is there: waiting
            for a free one, testing it, connecting; then 503.
        statement_timeout: Seconds that a query may take; when a second later there
            is no answer, the connection is given up.
        lock_timeout: Whole seconds that a statement may wait for a lock.
    """

    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10
    connect_timeout: Seconds = 5
    statement_timeout: Seconds = 10
    lock_timeout: PositiveInt = 5

    def for_migrations(self) -> Self:
        """Take longer, and wait for a lock shortly: whoever comes waits behind."""
        return self.model_copy(update={"statement_timeout": 3600, "lock_timeout": 2})


def normalize_url(value: str) -> str:
    """Add the driver and the character set to a URL.

    `ssl_mode` says how to encrypt, `ssl_ca` which file has the certificates to trust.

    Raises:
        ValueError: If it is not the address of a MySQL or MariaDB server.
    """
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("must be like mysql://user:password@host:3306/name") from None
    if url.get_backend_name() not in ("mysql", "mariadb"):
        raise ValueError(f"must start with mysql://, not {url.drivername}://; see .env")
    query = {key.replace("-", "_"): text for key, text in url.query.items()}
    if unknown := query.keys() - {"charset", "ssl_mode", "ssl_ca"}:
        raise ValueError(f"has the unknown parameter {min(unknown)}; leave it out")
    if query.get("ssl_mode", "PREFERRED") not in SSL_MODES:
        raise ValueError(f"ssl_mode must be one of {', '.join(SSL_MODES)}")
    if "ssl_ca" in query and not Path(str(query["ssl_ca"])).is_file():
        raise ValueError("ssl_ca must name a file that is there")
    url = url.set(drivername="mysql+asyncmy", query=query | {"charset": "utf8mb4"})
    return url.render_as_string(hide_password=False)


POOL_RECYCLE = 1800
"""Seconds after which a connection is replaced; below the server's wait_timeout."""


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine.

    A transaction sees what others have committed: under the server's default,
    REPEATABLE READ, a row that just caused a duplicate-key error could not be read.
    """
    address = make_url(url)
    engine = create_async_engine(
        address.difference_update_query(["ssl_mode", "ssl_ca"]),
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args=connect_arguments(settings) | encryption(**address.query),
        poolclass=Pool,
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


def encryption(
    ssl_mode: Any = "PREFERRED", ssl_ca: Any = None, **_: Any
) -> dict[str, Any]:
    """Return the argument for `ssl_mode`; below `VERIFY_CA` any certificate will do."""
    if ssl_mode in ("DISABLED", "PREFERRED"):
        return {}
    context = ssl.create_default_context(cafile=ssl_ca)
    context.check_hostname = ssl_mode == "VERIFY_IDENTITY"
    if ssl_mode == "REQUIRED":
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
            f", lock_wait_timeout={settings.lock_timeout}"
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


def only_read(_session: AsyncSession) -> None:
    """Change nothing: reading waits for no writer."""


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


KINDS = {
    1062: ViolationKind.UNIQUE,
    1451: ViolationKind.FOREIGN_KEY,
    1452: ViolationKind.FOREIGN_KEY,
    1048: ViolationKind.NOT_NULL,
    1364: ViolationKind.NOT_NULL,
    3819: ViolationKind.CHECK,
    4025: ViolationKind.CHECK,
    1644: ViolationKind.CHECK,
}
NAMES = {
    ViolationKind.UNIQUE: re.compile(r"for key '(?:[^'.]*\.)?(?P<name>[^']+)'$"),
    ViolationKind.FOREIGN_KEY: re.compile(
        r"`\.`(?P<table>[^`]+)`, CONSTRAINT `(?P<name>[^`]+)`"
    ),
    ViolationKind.NOT_NULL: re.compile(r"(?:Column|Field) '(?P<name>[^']+)'"),
    ViolationKind.CHECK: re.compile(
        r"(?i)constraint [`'](?:\w+`?\.`?)*(?P<name>[^`']+)[`']"
    ),
}
# https://mariadb.com/kb/en/mariadb-error-code-reference/: lock wait time-out, deadlock
# (after which savepoints are gone: 1305); statement time-outs of MariaDB and MySQL;
# disk full, table full; too many connections, refused credentials, missing database,
# server shutdown, a server that only reads, then the client's own: cannot connect,
# server gone, connection lost.
LOCKED, SLOW, FULL = (1205, 1213, 1305), (1969, 3024), (1021, 1114)
GONE = (1040, 1044, 1045, 1049, 1053, 1290, 1836, 2002, 2003, 2006, 2013)
OUTAGES = {
    **dict.fromkeys(LOCKED, Outage.LOCKED),
    **dict.fromkeys(SLOW, Outage.SLOW),
    **dict.fromkeys(FULL, Outage.FULL),
    **dict.fromkeys(GONE, Outage.GONE),
}


def error_code(error: DBAPIError) -> int:
    """Return the server's number of an error; 0 where there is none."""
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error."""
    kind = KINDS.get(error_code(error))
    if kind is None:
        return None
    text = str(getattr(error.orig, "args", ("",))[-1])
    table, name = table_of(error), NAMES[kind].search(text)
    if name is None:
        return Violation(kind)
    if kind is ViolationKind.NOT_NULL:
        return Violation(kind, fields_called(metadata, table or "", [name["name"]]))
    owner = name.groupdict().get("table") or table
    return Violation(kind, fields_of_constraint(metadata, name["name"], owner))


def table_of(error: DBAPIError) -> str | None:
    """Return which table a statement was to change: messages do not all say it."""
    changed = r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) +(?:`(.+?)`|(\w+))"
    found = re.match(changed, error.statement or "")
    return found and (found[1] or found[2])


def find_outage(error: DBAPIError) -> Outage | None:
    """Return why trying again can succeed, such as a full disk; else `None`."""
    found = OUTAGES.get(error_code(error))
    return found or (Outage.GONE if error.connection_invalidated else None)
