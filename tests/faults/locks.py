"""Another client of the database that keeps a whole table to itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncmy
import asyncpg
from sqlalchemy import make_url


@contextmanager
def locked_items(url: str) -> Iterator[None]:
    """Let nobody else read or write the table of items."""
    with asyncio.Runner() as runner:
        connection = runner.run(_lock(url))
        try:
            yield
        finally:
            runner.run(_close(connection))


async def _lock(url: str) -> Any:
    parts = make_url(url)
    if parts.get_backend_name() == "postgresql":
        connection: Any = await asyncpg.connect(url)
        await connection.execute("BEGIN; LOCK TABLE items")
        return connection
    connection = await asyncmy.connect(
        host=parts.host or "127.0.0.1",
        port=parts.port or 3306,
        user=parts.username or "root",
        password=parts.password or "",
        db=parts.database,
    )
    async with connection.cursor() as cursor:
        await cursor.execute("LOCK TABLES items WRITE")
    return connection


async def _close(connection: Any) -> None:
    closing = connection.close()
    if closing is not None:
        await closing
