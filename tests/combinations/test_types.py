"""Every rendered project is clean under `mypy --strict`, with its own configuration."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project import Project

TypeCheck = Callable[[Project], str]


@pytest.fixture(scope="session")
def type_check(tmp_path_factory: pytest.TempPathFactory) -> TypeCheck:
    """Check each distinct tree once, with one cache for all.

    The cache knows a module by its relative path, so that a tree costs what differs from the tree
    before it. mypy takes a file of the size and the second that it has in mind for unchanged and
    does not look inside (`memory` and `shared` have one length), so that each tree gets a second
    of its own.
    """
    cache = tmp_path_factory.mktemp("types", numbered=False)
    verdicts: dict[str, str] = {}

    def check(project: Project) -> str:
        seen = hashlib.sha256(repr((project.python(), project.pyproject["tool"]["mypy"])).encode())
        if seen.hexdigest() not in verdicts:
            _date(project.root, len(verdicts))
            verdicts[seen.hexdigest()] = _mypy(project.root, cache)
        return verdicts[seen.hexdigest()]

    return check


def _date(root: Path, second: int) -> None:
    for module in root.rglob("*.py"):
        os.utime(module, (second, second))


def _mypy(root: Path, cache: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(cache), "--no-error-summary"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_types_are_strict(project: Project) -> None:
    assert project.pyproject["tool"]["mypy"]["strict"] is True


def test_types_are_right(project: Project, type_check: TypeCheck) -> None:
    assert type_check(project) == ""
