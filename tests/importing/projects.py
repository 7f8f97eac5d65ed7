"""Runs projects on databases that were there before them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from importer.reading import address
from tests.suites.lanes import PASSED_ON


def run(root: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a project, on a database."""
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env=environment | {"DATABASE_URL": url, "TEST_DATABASE_URL": url, "LOG_AS_JSON": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def migrate(root: Path, url: str, words: str = "upgrade head") -> subprocess.CompletedProcess[str]:
    return run(root, url, "-m", "alembic", *words.split())


def rows(url: str, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Read all rows of tables, as they are written."""

    async def read() -> dict[str, list[str]]:
        is_file = url.startswith("sqlite")
        engine = create_async_engine(
            make_url(url).set(drivername="sqlite+aiosqlite") if is_file else address(url)
        )
        mark = "`" if url.startswith("mysql") else '"'
        found = {}
        async with engine.connect() as connection:
            for table, names in columns.items():
                listed = ", ".join(f"{mark}{name}{mark}" for name in names)
                sql = f"SELECT {listed} FROM {mark}{table}{mark}"  # noqa: S608
                read = await connection.execute(text(sql))
                found[table] = sorted(map(str, read))
        await engine.dispose()
        return found

    return asyncio.run(read())
