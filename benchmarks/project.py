"""A rendered project with a migrated database that holds some items."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from benchmarks import bare
from tests.matrix import HEADLINES
from tests.suites import servers
from tests.support.render import render

ITEMS = 200

FILL = f"""
import asyncio
from decimal import Decimal
from sqlalchemy.ext.asyncio import AsyncSession
from app.config import load_settings
from app.crud.item import ItemRepository
from app.db import dialect

async def fill():
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    async with AsyncSession(engine) as session, session.begin():
        for number in range({ITEMS}):
            values = {{"name": f"Item {{number}}", "description": "x" * 100, "price": Decimal(9)}}
            await ItemRepository(session).create(values)
    await engine.dispose()

asyncio.run(fill())
"""


@dataclass(frozen=True)
class Project:
    """A rendered project and the environment it runs in."""

    root: Path
    environment: dict[str, str]


@contextmanager
def prepare(database: str, folder: Path) -> Iterator[Project | None]:
    """Render a project and fill its database; `None` where there is no server."""
    with open_database(database, folder) as url:
        if url is None:
            yield None
            return
        answers = next(one.answers for one in HEADLINES if one["database"] == database)
        root = render(answers, folder / database)
        project = Project(root, environment(url))
        for words in (["-m", "alembic", "upgrade", "head"], ["-c", FILL]):
            subprocess.run(
                [sys.executable, *words],
                cwd=root,
                env=project.environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield project


@contextmanager
def open_database(database: str, folder: Path) -> Iterator[str | None]:
    """Give the address of an empty database, and remove it in the end."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    server = servers.find(database)
    if server is None:
        yield None
        return
    name = f"bench_{uuid4().hex}"
    server.ask(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server.url)._replace(path=f"/{name}"))
    finally:
        servers.drop(server, name)


def environment(url: str) -> dict[str, str]:
    """Give the settings: production, with a pool that holds a connection per client."""
    return {
        **{key: os.environ[key] for key in ("HOME", "LANG", "PATH") if key in os.environ},
        "DATABASE_URL": url,
        "DATABASE__POOL_SIZE": str(bare.POOL_SIZE),
        "DATABASE__MAX_OVERFLOW": "0",
        "ENVIRONMENT": "production",
        "PYTHONPATH": ".",
        "SECRET_KEY": "only-for-measuring-" + uuid4().hex,
    }
