"""PostgreSQL, through asyncpg."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import asyncpg  # type: ignore[import-untyped]
from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import Connection, MetaData, String, Table, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import DateTime, Text, TypeDecorator

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
# Of libpq: https://www.postgresql.org/docs/current/libpq-connect.html.
FILES = {"sslrootcert", "sslcert", "sslkey", "sslcrl"}
PASSED_ON = FILES | {
    "application_name",
    "options",
    "sslmode",
    "sslnegotiation",
    "sslpassword",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "target_session_attrs",
}
"""Parameters of a URL that the driver knows, or the server."""
UNHEEDED = {
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "sslcompression",
    "sslsni",
    "tcp_user_timeout",
}
"""Parameters that have no counterpart, or one in the settings; providers write them."""
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class DatabaseSettings(SettingsGroup):
    """How the server is used.

    Attributes:
        pool_size: Connections that each process keeps open.
        max_overflow: Connections above that, while there is need.
        connect_timeout: Seconds that all may take until a connection is there: waiting
            for a free one, testing it, connecting; then 503.
        statement_timeout: Seconds that a statement may take; when a second later there
            is no answer, the connection is given up.
        lock_timeout: Seconds that a statement may wait for a lock.
        pooler: Whether the address is that of a pooler which lends a connection for a
            transaction, such as PgBouncer: nothing is kept in a connection then.
    """

    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10
    connect_timeout: Seconds = 5
    statement_timeout: Seconds = 10
    lock_timeout: Seconds = 5
    pooler: bool = False

    def for_migrations(self) -> Self:
        """Take longer, and wait for a lock shortly: whoever comes waits behind."""
        return self.model_copy(update={"statement_timeout": 3600, "lock_timeout": 2})


def normalize_url(value: str) -> str:
    """Add the driver to an address, and translate what hosting providers write.

    Raises:
        ValueError: If it is not the address of a PostgreSQL server.
    """
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError(
            "must be like postgresql://user:password@host:5432/name"
        ) from None
    if url.get_backend_name() not in ("postgres", "postgresql"):
        raise ValueError(
            f"must start with postgresql://, not {url.drivername}://; see .env"
        )
    query = {"sslmode" if key == "ssl" else key: url.query[key] for key in url.query}
    query = {key: text for key, text in query.items() if key not in UNHEEDED}
    if unknown := query.keys() - {"host", "port"} - PASSED_ON:
        raise ValueError(f"has the unknown parameter {min(unknown)}; leave it out")
    if query.get("sslmode", "prefer") not in SSL_MODES:
        raise ValueError(f"sslmode must be one of {', '.join(SSL_MODES)}")
    for key in FILES & query.keys():
        if query[key] != SYSTEM and not Path(str(query[key])).is_file():
            raise ValueError(f"{key} must name a file that is there")
    url = url.set(drivername="postgresql+asyncpg", query=query)
    return url.render_as_string(hide_password=False)


SYSTEM = "system"
"""The certificates that the machine trusts, which is the default here."""


def encryption(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the driver for the parameters of a URL.

    It takes libpq's in a URL alone, and does not know the machine's certificates.
    """
    mode, root = query.get("sslmode"), query.get("sslrootcert", SYSTEM)
    passed = {key: query[key] for key in PASSED_ON & query.keys()}
    if root != SYSTEM or mode not in ("verify-ca", "verify-full"):
        return {"dsn": f"postgresql://?{urlencode(passed)}"}
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    if certificate := query.get("sslcert"):
        context.load_cert_chain(
            certificate, query.get("sslkey"), query.get("sslpassword")
        )
    rest = {key: passed[key] for key in passed if not key.startswith("ssl")}
    return {"dsn": f"postgresql://?{urlencode(rest)}", "ssl": context}


POOL_RECYCLE = 1800
"""Seconds after which a connection is replaced."""


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine."""
    address = make_url(url)
    engine = create_async_engine(
        address.difference_update_query(PASSED_ON),
        hide_parameters=True,
        execution_options={"pooler": settings.pooler},
        connect_args=connect_arguments(settings) | encryption(address.query),
        poolclass=Pool,
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.connect_timeout,
        pool_recycle=POOL_RECYCLE,
        pool_pre_ping=True,
    )
    if settings.pooler:

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Connection) -> None:
            limits = server_limits(settings).items()
            parts = [f"set_config('{name}', '{value}', true)" for name, value in limits]
            connection.exec_driver_sql(f"SELECT {', '.join(parts)}")

    return engine


@event.listens_for(Table, "before_create")
def compare_exactly(table: Table, _connection: Connection, **_: Any) -> None:
    """Sort text by its characters, whatever language the server was set up for."""
    for column in table.columns:
        kind = getattr(column.type, "impl_instance", column.type)
        if isinstance(kind, String) and kind.collation is None:
            kind.collation = "C"


class ServerConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection to a server that may hang."""

    async def close(self, **limit: float) -> None:
        """Close; what is broken off, and so has a time limit, nobody waits for."""
        if not limit:
            await super().close()
            return
        closing = asyncio.create_task(self._break_off(limit))
        CLOSING.add(closing)
        closing.add_done_callback(CLOSING.discard)

    async def _break_off(self, limit: dict[str, float]) -> None:
        with suppress(OSError, asyncpg.PostgresError):
            await super().close(**limit)


# The event loop alone would not keep them:
# https://docs.python.org/3/library/asyncio-task.html.
CLOSING: set[asyncio.Task[None]] = set()


UNPREPARED = ("statement_cache_size", "prepared_statement_cache_size")
"""With 0, statements have no names: the driver keeps some, and the library others."""


def server_limits(settings: DatabaseSettings) -> dict[str, str]:
    """Return the parameters of the server that end what takes long."""
    return {
        "statement_timeout": f"{settings.statement_timeout * 1000:.0f}",
        "lock_timeout": f"{settings.lock_timeout * 1000:.0f}",
    }


def connect_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """Return the arguments: the server ends what takes long, the client a hang."""
    kept: dict[str, Any] = {"server_settings": server_limits(settings)}
    if settings.pooler:
        kept = dict.fromkeys(UNPREPARED, 0)
    return {
        **kept,
        "connection_class": ServerConnection,
        "timeout": settings.connect_timeout,
        "command_timeout": settings.statement_timeout + 1,
    }


def only_read(_session: AsyncSession) -> None:
    """Change nothing: reading waits for no writer."""


LongText = Text
"""Text of any length."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time; the driver returns it in UTC, so that reading costs nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True


LOCK_KEY = 4_242_001


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait; the lock ends with the connection.

    In a pooler's connection it would stay: there it ends with the transaction, which
    all migrations share.
    """
    is_pooled = connection.get_execution_options().get("pooler")
    kind = "xact_lock" if is_pooled else "lock"
    connection.execute(text(f"SELECT pg_advisory_{kind}(:key)"), {"key": LOCK_KEY})
    if not is_pooled:
        connection.commit()


KINDS = {
    "23505": ViolationKind.UNIQUE,
    "23503": ViolationKind.FOREIGN_KEY,
    "23502": ViolationKind.NOT_NULL,
    "23514": ViolationKind.CHECK,
    "P0001": ViolationKind.CHECK,
    "23P01": ViolationKind.UNIQUE,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure,
# deadlock, lock not available; a statement timed out; disk full; a server that only
# reads, then whole classes: connection exceptions, refused credentials, missing
# database, insufficient resources, operator intervention (the server stops).
OUTAGES = {
    **dict.fromkeys(("40001", "40P01", "55P03"), Outage.LOCKED),
    "57014": Outage.SLOW,
    "53100": Outage.FULL,
    **dict.fromkeys(("25006", "08", "28", "3D", "53", "57"), Outage.GONE),
}


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error."""
    cause: Any = getattr(error.orig, "__cause__", None)
    kind = KINDS.get(getattr(cause, "sqlstate", ""))
    if kind is None:
        return None
    table = cause.table_name
    if kind is ViolationKind.NOT_NULL:
        return Violation(kind, fields_called(metadata, table, [cause.column_name]))
    fields = fields_of_constraint(metadata, cause.constraint_name, table)
    if kind is ViolationKind.UNIQUE and not fields:
        # A constraint that no model has: "Key (a, "B")=(1, 2) already exists."
        named = re.search(r"\((.*?)\)=\(", cause.detail or "")
        columns = named[1].replace('"', "").split(", ") if named else ()
        fields = fields_called(metadata, table, columns)
    return Violation(kind, fields)


def find_outage(error: DBAPIError) -> Outage | None:
    """Return why trying again can succeed, such as a full disk; else `None`."""
    state = getattr(error.orig, "sqlstate", None) or ""
    found = OUTAGES.get(state) or OUTAGES.get(state[:2])
    return found or (Outage.GONE if error.connection_invalidated else None)
