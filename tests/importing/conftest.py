"""Databases that hold a public schema each, with a few rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from importer.reading import address
from tests.suites import servers
from tests.suites.conftest import required

HERE = Path(__file__).parent
Fill = Callable[[str, str], str]


async def execute(url: str, sql: str) -> None:
    """Run statements, each of which ends with a line."""
    given = make_url(url)
    is_file = given.get_backend_name() == "sqlite"
    driver = given.set(drivername="sqlite+aiosqlite") if is_file else address(url)
    engine = create_async_engine(driver)
    try:
        async with engine.begin() as connection:
            for statement in sql.split(";\n"):
                if statement.strip():
                    await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()


@pytest.fixture
def fill(tmp_path: Path) -> Iterator[Fill]:
    """Give a function that makes a database, runs SQL in it, and returns its URL."""
    with ExitStack() as stack:

        def make(database: str, sql: str) -> str:
            url = f"sqlite:///{tmp_path / 'there.db'}"
            if database != "sqlite":
                server = servers.find(database)
                if server is None:
                    (pytest.fail if required() else pytest.skip)(f"{database} does not answer.")
                name = f"import_{uuid4().hex}"
                server.ask(f"CREATE DATABASE {name}")
                stack.callback(servers.drop, server, name)
                url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
            asyncio.run(execute(url, sql))
            return url

        yield make
