"""Every rendered project is clean under `mypy --strict`, with its own configuration."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project import LICENSE, Project

TypeCheck = Callable[[Project], str]


@pytest.fixture(scope="session")
def type_check(types: Path) -> TypeCheck:
    """Check each distinct tree once, with one cache for all.

    The cache knows a module by its relative path, so that a tree costs what differs from the tree
    before it. What trees say of their license is an argument of one call: each is read in one.
    """
    verdicts: dict[str, str] = {}
    licenses: set[str] = set()

    def check(project: Project) -> str:
        tree, license_ = _seen(project)
        if tree not in verdicts or license_ not in licenses:
            verdicts[tree] = _mypy(project.root, types)
            licenses.add(license_)
        return verdicts[tree]

    return check


def _seen(project: Project) -> tuple[str, str]:
    """What mypy reads of a project: a digest without the license, and the license."""
    files = project.python()
    main = files["app/main.py"]
    read = {**files, "app/main.py": LICENSE.sub("", main)}
    digest = hashlib.sha256(repr((read, project.pyproject["tool"]["mypy"])).encode())
    return digest.hexdigest(), "".join(LICENSE.findall(main))


def _mypy(root: Path, cache: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(cache), "--no-error-summary"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_types_are_strict(project: Project) -> None:
    assert project.pyproject["tool"]["mypy"]["strict"] is True


def test_types_are_right(project: Project, type_check: TypeCheck) -> None:
    assert type_check(project) == ""
