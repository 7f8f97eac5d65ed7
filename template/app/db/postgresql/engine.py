"""The engine: how connections are made."""

from typing import Any

from sqlalchemy import Connection, String, Table, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.db.postgresql.settings import DatabaseSettings


def create_engine(url: str, settings: DatabaseSettings) -> AsyncEngine:
    """Make the engine.

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
        pool_timeout=settings.pool_timeout,
        pool_recycle=settings.pool_recycle,
        pool_pre_ping=settings.pool_pre_ping,
    )


@event.listens_for(Table, "before_create")
def compare_exactly(table: Table, _connection: Connection, **_: Any) -> None:
    """Sort text by its characters, whatever language the server was set up for."""
    for column in table.columns:
        kind = getattr(column.type, "impl_instance", column.type)
        if isinstance(kind, String) and kind.collation is None:
            kind.collation = "C"


def connect_arguments(settings: DatabaseSettings) -> dict[str, Any]:
    """Give asyncpg's arguments: the server ends what takes too long, and the client if it hangs."""
    return {
        "timeout": settings.connect_timeout,
        "command_timeout": settings.statement_timeout + 1,
        "server_settings": {
            "statement_timeout": f"{settings.statement_timeout * 1000:.0f}",
            "lock_timeout": f"{settings.lock_timeout * 1000:.0f}",
        },
    }
