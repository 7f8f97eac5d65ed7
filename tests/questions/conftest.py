"""Fixtures for the tests of questions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.questions.clone import copy_template
from tests.support import render

Ask = Callable[..., dict[str, Any]]
Copier = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """Do once what Copier does in each test; its command is the stock one."""
    with render.quick_copier():
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template without its history, so that no run has to clone it."""
    return copy_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """Where the project will be; it does not exist yet."""
    return tmp_path / "my-api"


@pytest.fixture
def ask(template: Path, destination: Path) -> Ask:
    """Answer the questions, the others by their defaults, and render nothing."""
    return lambda **data: render.ask(data, destination, template)


@pytest.fixture
def copier(template: Path, destination: Path) -> Copier:
    """Run the command `copier copy` as a user without a terminal would."""

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "copier",
            "copy",
            *options,
            str(template),
            destination.name,
        ]
        return subprocess.run(
            command, cwd=destination.parent, check=False, capture_output=True, text=True
        )

    return run
