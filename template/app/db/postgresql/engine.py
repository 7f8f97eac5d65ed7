"""The engine, the request's session, column types, and the lock of migrations."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, Table, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import DateTime, Text, TypeDecorator
from starlette.requests import Request

from app.db.postgresql.settings import DatabaseSettings

POOL_RECYCLE = 1800
"""Seconds after which a connection is replaced."""


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Create the engine.

    Args:
        url: The address, with its driver.
        settings: Time-outs and the size of the pool.
    """
    return create_async_engine(
        url,
        hide_parameters=True,
        connect_args=connect_arguments(settings),
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.connect_timeout,
        pool_recycle=POOL_RECYCLE,
        pool_pre_ping=True,
    )


@event.listens_for(Table, "before_create")
def compare_exactly(table: Table, _connection: Connection, **_: Any) -> None:
    """Sort text by its characters, whatever language the server was set up for."""
    for column in table.columns:
        kind = getattr(column.type, "impl_instance", column.type)
        if isinstance(kind, String) and kind.collation is None:
            kind.collation = "C"


def connect_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """Return the arguments: the server ends what takes long, the client a hang."""
    return {
        "timeout": settings.connect_timeout,
        "command_timeout": settings.statement_timeout + 1,
        "server_settings": {
            "statement_timeout": f"{settings.statement_timeout * 1000:.0f}",
            "lock_timeout": f"{settings.lock_timeout * 1000:.0f}",
        },
    }


READING: dict[str, Any] = {}
"""Execution options of a transaction that only reads."""


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction, which ends before the response is sent."""
    async with request.app.state.sessions.begin() as session:
        yield session


LongText = Text
"""Text of any length."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time; the driver returns it in UTC, so that reading costs nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True


LOCK_KEY = 4_242_001


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait; the lock ends with the connection.

    It belongs to the session: migrate past a pooler that works by transaction.
    """
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
    connection.commit()
