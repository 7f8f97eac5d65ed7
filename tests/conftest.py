"""Fixtures for all tests: each combination is rendered once, when a test first asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from tests.matrix import COMBINATIONS, Combination
from tests.support.ending import AT_END
from tests.support.project import Project
from tests.support.render import render

Render = Callable[[Combination], Project]

FIRST = ("tests/suites/test_begin.py", "tests/installed/test_begin.py")
LAST = ("tests/suites/", "tests/installed/", "tests/faults/")
"""What works in the background begins first and is waited for last; faults need a quiet machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole", action="store_true", help="run all suites and proofs, on every distinct tree"
    )
    parser.addoption("--jobs", type=int, default=2, help="tasks and installed projects at once (2)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "combination" in metafunc.fixturenames:
        metafunc.parametrize("combination", COMBINATIONS, ids=lambda one: one.id)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))


def turn(nodeid: str) -> int:
    """When a test has its turn: in the middle, if nothing else is said."""
    if nodeid.startswith(FIRST):
        return -1
    return next((n for n, folder in enumerate(LAST, 1) if nodeid.startswith(folder)), 0)


@pytest.fixture(autouse=True, scope="session")
def ending() -> Iterator[None]:
    """End the processes that several tests used."""
    with AT_END:
        yield


@pytest.fixture(scope="session")
def slots(pytestconfig: pytest.Config) -> BoundedSemaphore:
    """What works in the background takes one of these: so many do at once."""
    return BoundedSemaphore(pytestconfig.getoption("jobs"))


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the rendered combinations."""
    return tmp_path_factory.mktemp("combinations", numbered=False)


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where mypy keeps what it knows of packages, which are the same for all projects."""
    return tmp_path_factory.mktemp("types", numbered=False)


@pytest.fixture(scope="session")
def project_of(workplace: Path) -> Render:
    """Render a combination, at most once."""
    projects: dict[str, Project] = {}

    def get(combination: Combination) -> Project:
        if combination.id not in projects:
            root = render(combination.answers, workplace / combination.id)
            date(root, len(projects))
            projects[combination.id] = Project(combination, root)
            # Before any tool leaves something there.
            _ = projects[combination.id].files
        return projects[combination.id]

    return get


def date(root: Path, second: int) -> None:
    """Give the modules of a project a second of its own, before anything is made of them.

    mypy takes a file of the size and the second that it has in mind for unchanged and does not
    look inside; `memory` and `shared` have one length.
    """
    for module in root.rglob("*.py"):
        os.utime(module, (second, second))


@pytest.fixture(scope="session")
def projects(request: pytest.FixtureRequest, project_of: Render) -> list[Project]:
    """The projects of all combinations that this run asks for."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = {
        call.params["combination"].id for call in calls if call and "combination" in call.params
    }
    return [project_of(one) for one in COMBINATIONS if one.id in chosen]


@pytest.fixture
def project(combination: Combination, project_of: Render) -> Project:
    """The project of the combination under test."""
    return project_of(combination)
