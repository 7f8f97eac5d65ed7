"""Starts each distinct suite once, two at a time, and tells what ran where."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache
from typing import Any

import pytest

from tests.suites import servers
from tests.suites.lanes import Lanes, Verdict
from tests.suites.ledger import Ledger
from tests.suites.servers import Server
from tests.support.imports import imported_names
from tests.support.project import Project
from tests.support.questions import ROOT

LEDGER = pytest.StashKey[Ledger]()
GREEN = "matrix/green"
WITHOUT = {
    "mysql": "Start a MySQL or MariaDB server and name it in MYSQL_URL (mysql://root@127.0.0.1:3306).",
    "postgresql": "Start a PostgreSQL server and name it in POSTGRESQL_URL.",
}
TOOLS = ("pytest_cov.plugin", "coverage", "anyio.pytest_plugin", "asyncpg", "asyncmy", "aiosqlite")

FindServer = Callable[[str], Server | None]
Suites = dict[str, Future[Verdict] | None]


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """The run's account."""
    return pytestconfig.stash.setdefault(LEDGER, Ledger())


@pytest.fixture(scope="session")
def find_server() -> FindServer:
    """Find a database's server, at most once."""
    return cache(servers.find)


@pytest.fixture(scope="session")
def before(find_server: FindServer) -> dict[str, set[str]]:
    """The databases that were there before the first suite."""
    found = {name: find_server(name) for name in WITHOUT}
    return {name: servers.databases(server) for name, server in found.items() if server}


@pytest.fixture(scope="session")
def suites(
    pytestconfig: pytest.Config,
    projects: list[Project],
    ledger: Ledger,
    find_server: FindServer,
    before: dict[str, set[str]],
) -> Iterator[Suites]:
    """The distinct suites of the chosen combinations, by fingerprint; each runs once."""
    started = time.monotonic()
    green = set(pytestconfig.cache.get(GREEN, []))
    resume = pytestconfig.getoption("resume") and os.environ.get("CI") != "true"
    modules = {name for project in projects for name in imported_names(project.python().values())}
    lanes = Lanes(pytestconfig.getoption("jobs"), sorted({*modules, *TOOLS}))
    found: Suites = {}
    for project in projects:
        fingerprint, database = project.fingerprint, project.combination["database"]
        server = find_server(database)
        if fingerprint in found or (server is None and database in WITHOUT):
            continue
        ledger.where[fingerprint] = where(project, server)
        resumed = resume and key(project, server) in green
        found[fingerprint] = None if resumed else lanes.submit(project.root, environment(server))
    yield found
    lanes.close()
    ledger.seconds = time.monotonic() - started
    passed = {
        key(one, find_server(one.combination["database"]))
        for one in projects
        if (verdict := ledger.verdicts.get(one.fingerprint)) and verdict.code == 0
    }
    pytestconfig.cache.set(GREEN, sorted(green | passed))
    if any(verdict.code < 0 for verdict in ledger.verdicts.values()):
        clear(before, find_server)


def clear(before: dict[str, set[str]], find_server: FindServer) -> None:
    """Drop what a suite left behind that was killed and could not do it itself."""
    for name, names in before.items():
        if server := find_server(name):
            for left in servers.databases(server) - names:
                servers.drop(server, left)


def where(project: Project, server: Server | None) -> str:
    """The suite's name and place, for the summary."""
    place = f" on {server.version}" if server else ""
    python = platform.python_version()
    return f"{project.combination.id}{place}, Python {python}"


def environment(server: Server | None) -> dict[str, str]:
    """What a suite is told of its server."""
    return {"TEST_DATABASE_URL": server.url} if server else {}


def key(project: Project, server: Server | None) -> str:
    """Changes with whatever a suite's verdict depends on."""
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    parts = (project.fingerprint, lock, platform.python_version(), server and server.version)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    ledger = config.stash.get(LEDGER, None)
    if ledger is not None:
        terminalreporter.section("suites of the rendered projects")
        for line in ledger.lines():
            terminalreporter.line(line)


def required() -> bool:
    """Tell whether a missing server is a failure."""
    return os.environ.get("REQUIRE_SERVICES") == "1"
