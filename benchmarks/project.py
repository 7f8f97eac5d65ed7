"""A rendered project with a migrated database that holds some items."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from benchmarks import bare
from tests.matrix import headline
from tests.suites import servers
from tests.support.render import render

ITEMS = 200

LIMIT = 100_000_000
"""Requests that a caller may send."""

USERS = 100
PASSWORD = "Nine-Lamps-On-A-Shelf"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Project:
    """A rendered project, the environment it runs in, and who may list its items."""

    root: Path
    environment: dict[str, str]
    authorization: str = ""


@contextmanager
def prepare(
    database: str, folder: Path, auth: str = "none", limits: str = "memory"
) -> Iterator[Project | None]:
    """Render a project and fill its database; `None` where there is no server."""
    with open_database(database, folder) as url, open_redis(limits) as settings:
        if url is None or settings is None:
            yield None
            return
        answers = headline(database=database, auth=auth, rate_limit=limits).answers
        root = render(answers, folder / f"{database}-{auth}-{limits}")
        project = Project(root, environment(url) | settings)
        run(project, "-m", "alembic", "upgrade", "head")
        if auth == "none":
            run(project, str(HERE / "fill.py"), str(ITEMS))
            yield project
            return
        script = str(HERE / "fill_accounts.py")
        authorization = run(project, script, str(ITEMS), str(USERS), PASSWORD).strip()
        yield replace(project, authorization=authorization)


def run(project: Project, *words: str) -> str:
    """Run Python inside a project; give what it prints."""
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=project.root,
        env=project.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran.stdout


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


@contextmanager
def open_redis(limits: str) -> Iterator[dict[str, str] | None]:
    """Give the settings of a project's own keys, if it has any, and remove them in the end."""
    if limits != "redis":
        yield {}
        return
    server = servers.find(limits)
    if server is None:
        yield None
        return
    prefix = f"bench-{uuid4().hex}:"
    try:
        yield {"REDIS_URL": server.url, "REDIS__PREFIX": prefix}
    finally:
        for key in server.ask(f"KEYS {prefix}*"):
            servers.drop(server, key)


def environment(url: str) -> dict[str, str]:
    """Give the settings: production, a connection per client, limits that nobody reaches."""
    return {
        **{key: os.environ[key] for key in ("HOME", "LANG", "PATH") if key in os.environ},
        "DATABASE_URL": url,
        "DATABASE__POOL_SIZE": str(bare.POOL_SIZE),
        "DATABASE__MAX_OVERFLOW": "0",
        "ENVIRONMENT": "production",
        "JWT__LIFETIME": "3600",
        "PYTHONPATH": ".",
        "RATE_LIMIT__DEFAULT": f"{LIMIT}/hour",
        "SECRET_KEY": "only-for-measuring-" + uuid4().hex,
    }
