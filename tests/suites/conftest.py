"""Starts each distinct suite once, two at a time, and tells what ran where."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import pytest

from tests.conftest import Render
from tests.suites import servers
from tests.suites.lanes import Lanes, Verdict
from tests.suites.ledger import Ledger
from tests.suites.selection import TABLES, is_measured, is_seen, is_whole, neighbour, selection
from tests.suites.servers import Server
from tests.support.imports import imported_names
from tests.support.project import Project
from tests.support.questions import ROOT

LEDGER = pytest.StashKey[Ledger]()
GREEN = "matrix/green"
MEASURE = "--cov"
"""Turns a project's own gate on."""

WITHOUT = {
    "mysql": "Start a MySQL or MariaDB server and name it in MYSQL_URL (mysql://root@127.0.0.1:3306).",
    "postgresql": "Start a PostgreSQL server and name it in POSTGRESQL_URL.",
    "redis": "Start a Redis server and name it in REDIS_URL_OF_TESTS (redis://127.0.0.1:6379).",
}
"""What is needed, and what to do where it is not there."""

TOOLS = (
    "pytest_cov.plugin",
    "coverage",
    "anyio.pytest_plugin",
    "asyncpg",
    "asyncmy",
    "aiosqlite",
    "fakeredis",
    "limits.aio",
    "redis.asyncio",
)

FindServer = Callable[[str], Server | None]
Arguments = Callable[[Project], list[str]]
Services = dict[str, Server]
Suites = dict[str, Future[Verdict] | None]


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """The run's account."""
    return pytestconfig.stash.setdefault(LEDGER, Ledger())


@pytest.fixture(scope="session")
def find_server() -> FindServer:
    """Find a server, at most once."""
    return cache(servers.find)


@pytest.fixture(scope="session")
def before(find_server: FindServer) -> dict[str, set[str]]:
    """The databases and keys that were there before the first suite."""
    found = {name: find_server(name) for name in WITHOUT}
    return {name: servers.left(server) for name, server in found.items() if server}


@pytest.fixture(scope="session")
def arguments(project_of: Render, pytestconfig: pytest.Config) -> Arguments:
    """What a project's pytest is told: which modules, or to hold all of it to its gate."""
    whole = pytestconfig.getoption("whole")

    def get(project: Project) -> list[str]:
        combination = project.combination
        if is_measured(combination):
            return [MEASURE]
        if whole or is_whole(combination):
            return []
        if not is_seen(combination):
            return TABLES
        return selection(project, project_of(neighbour(combination)))

    return get


@pytest.fixture(scope="session")
def suites(
    pytestconfig: pytest.Config,
    projects: list[Project],
    ledger: Ledger,
    find_server: FindServer,
    before: dict[str, set[str]],
    arguments: Arguments,
    slots: BoundedSemaphore,
) -> Iterator[Suites]:
    """The distinct suites of the chosen combinations, by fingerprint; each runs once."""
    started = time.monotonic()
    green = set(pytestconfig.cache.get(GREEN, []))
    resume = pytestconfig.getoption("resume") and os.environ.get("CI") != "true"
    modules = {name for project in projects for name in imported_names(project.python().values())}
    lanes = Lanes(pytestconfig.getoption("jobs"), slots, sorted({*modules, *TOOLS}))
    found: Suites = {}
    for project in projects:
        fingerprint = project.fingerprint
        if fingerprint in found or missing(project, find_server):
            continue
        there, chosen = services(project, find_server), arguments(project)
        ledger.where[fingerprint] = where(project, there, chosen)
        resumed = resume and key(project, there, chosen) in green
        found[fingerprint] = (
            None if resumed else lanes.submit(project.root, environment(there), chosen)
        )
    yield found
    lanes.close()
    ledger.seconds = time.monotonic() - started
    passed = {
        key(one, services(one, find_server), arguments(one))
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
            for left in servers.left(server) - names:
                servers.drop(server, left)


def services(project: Project, find_server: FindServer) -> Services:
    """The servers that a suite uses, as far as they are there, by the variable that names each."""
    needed = {"TEST_DATABASE_URL": project.combination["database"]}
    if project.combination["rate_limit"] == "redis":
        needed["TEST_REDIS_URL"] = "redis"
    found = {variable: find_server(name) for variable, name in needed.items()}
    return {variable: server for variable, server in found.items() if server}


def missing(project: Project, find_server: FindServer) -> str:
    """The server without which a suite cannot run, or must not; for Redis it has a stand-in."""
    database, limits = project.combination["database"], project.combination["rate_limit"]
    needed = [database, *([limits] if required() else [])]
    return next((one for one in needed if one in WITHOUT and not find_server(one)), "")


def where(project: Project, there: Services, chosen: list[str]) -> str:
    """The suite's name and place, and what of it runs, for the summary."""
    place = "".join(f" on {server.version}" for server in there.values())
    python = platform.python_version()
    part = f", {len(chosen)} modules" if chosen else ""
    part = ", with coverage" if chosen == [MEASURE] else part
    return f"{project.combination.id}{place}, Python {python}{part}"


def environment(there: Services) -> dict[str, str]:
    """What a suite is told of its servers."""
    return {variable: server.url for variable, server in there.items()}


def key(project: Project, there: Services, chosen: list[str]) -> str:
    """Changes with whatever a suite's verdict depends on."""
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    where = (platform.python_version(), *(server.version for server in there.values()))
    parts = (project.fingerprint, lock, where, chosen)
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
