"""Tools that prove a delivery; where one is missing, a test says which."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import NoReturn

import pytest

from tests.conftest import Render
from tests.matrix import HEADLINES
from tests.support.project import Project

Tool = Callable[[str], str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Find a program of the system; without it, the test is skipped, or fails where all must be."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if not found:
            miss(f"There is no {name} on this machine: install Debian's package of that name.")
        if name == "buildah" and os.geteuid() != 0:
            miss("Only root can mount what an image is run from: run the tests as root.")
        return found

    return find


def miss(message: str) -> NoReturn:
    """Skip the test, or fail where nothing may be missing."""
    (pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip)(message)


@pytest.fixture(scope="session")
def delivered(project_of: Render) -> list[Project]:
    """The projects of the headline that have an image."""
    return [project_of(one) for one in HEADLINES if one["docker"] != "none"]


@pytest.fixture(scope="session")
def composed(delivered: list[Project]) -> list[Project]:
    """Those that run with Compose."""
    return [one for one in delivered if one.combination["docker"] == "compose"]


def distinct(projects: list[Project], name: str) -> dict[str, str]:
    """The different texts of a file, by the project that has it first."""
    texts: dict[str, str] = {}
    for project in projects:
        if name in project.texts and project.texts[name] not in texts.values():
            texts[project.combination.id] = project.texts[name]
    return texts
