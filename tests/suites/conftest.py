"""Runs the planned suites and proofs in the background, and tells what ran where."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import pytest

from tests.suites import servers
from tests.suites.lanes import Lanes
from tests.suites.ledger import Ledger, Run
from tests.suites.plan import Task, plan
from tests.suites.results import keys
from tests.suites.servers import Server
from tests.support.imports import imported_names
from tests.support.overlay import PROOFS, lay_boot, lay_proofs, lend
from tests.support.project import Project

LEDGER = pytest.StashKey[Ledger]()
GREEN = "matrix/green"
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
Services = dict[str, Server]


Runs = dict[str, list[Run]]
"""By the fingerprint of the project."""


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
def runs(
    pytestconfig: pytest.Config,
    projects: list[Project],
    ledger: Ledger,
    find_server: FindServer,
    before: dict[str, set[str]],
    slots: BoundedSemaphore,
) -> Iterator[Runs]:
    """Everything that is run on the chosen combinations; it begins here, in the background."""
    whole = pytestconfig.getoption("whole")
    green = set() if whole else set(pytestconfig.cache.get(GREEN, []))
    there = [one for one in projects if not missing(one, find_server)]
    tasks = plan(there, whole=whole)
    for root in {one.project.root for one in tasks}:
        lay_proofs(root)
        lay_boot(root)
    for root in {one.project.root for one in tasks if one.kind == "proofs"}:
        lend(root)
    lanes = Lanes(pytestconfig.getoption("jobs"), slots, modules(projects))
    found: Runs = defaultdict(list)
    for task in tasks:
        found[task.project.fingerprint].append(begin(task, lanes, find_server, green))
    ledger.runs = [run for runs in found.values() for run in runs]
    ledger.combinations = {one.combination.id for one in projects}
    ledger.trees = {one.fingerprint for one in projects}
    yield found
    lanes.close()
    passed = [one for one in ledger.runs if one.ended and one.ended.code == 0]
    green |= {key for one in passed for key in one.keys.values()}
    pytestconfig.cache.set(GREEN, sorted(green))
    if any(one.ended and one.ended.code < 0 for one in ledger.runs):
        clear(before, find_server)


def begin(task: Task, lanes: Lanes, find_server: FindServer, green: set[str]) -> Run:
    """Run what of a task was not green before on the same content; all, if it is measured."""
    there = services(task.project, find_server)
    known = keys(task, [server.version for server in there.values()])
    left = tuple(path for path, key in known.items() if key not in green)
    if not left:
        return Run(task, known, where(task, there), None)
    if not task.is_measured:
        task = replace(task, files=left)
    environment = {variable: server.url for variable, server in there.items()}
    environment["COVERAGE_FILE"] = f".coverage.{task.name}"
    verdict = lanes.submit(task, environment)
    return Run(task, known, where(task, there), verdict)


def modules(projects: list[Project]) -> list[str]:
    """What warm processes import: what the projects and the proofs do, but for their own."""
    sources = [text for project in projects for text in project.python().values()]
    sources += [path.read_text() for path in PROOFS.rglob("*.py")]
    return sorted({*imported_names(sources), *TOOLS})


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


def where(task: Task, there: Services) -> str:
    """The task's name and place, for the summary."""
    place = "".join(f" on {server.version}" for server in there.values())
    part = ", with coverage" if task.is_measured else ""
    return f"{task.project.combination.id}, {task.kind}{place}{part}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    ledger = config.stash.get(LEDGER, None)
    if ledger is not None:
        terminalreporter.section("the matrix")
        for line in ledger.lines():
            terminalreporter.line(line)


def required() -> bool:
    """Tell whether a missing server is a failure."""
    return os.environ.get("REQUIRE_SERVICES") == "1"
