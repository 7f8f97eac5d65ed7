"""Fixtures for the tests of updates: a released template and committed projects."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from copier import run_copy
from copier._main import Worker

from tests.questions.clone import commit_all, copy_template, git

Project = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_process_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare thousands of `git config`: they matter only where git does not see a file's mode.

    The tests of the verb `update` run the stock command and are held to the same content.
    """
    monkeypatch.setattr(Worker, "_sync_git_index_executable_bit", lambda *_: None)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as it stands, released as version 1.0.0."""
    folder = copy_template(tmp_path_factory.mktemp("released"))
    commit_all(folder, "1.0.0")
    git(folder, "gc", "--quiet")  # one pack is cloned faster than hundreds of files
    return folder


@pytest.fixture(scope="session")
def fresh(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A fresh and committed copy for these answers; only to be read."""

    @cache
    def copy(database: str, auth: str = "jwt") -> Path:
        folder = tmp_path_factory.mktemp("fresh") / f"{database}-{auth}"
        answers = {"database": database, "auth": auth}
        run_copy(str(released), folder, answers, defaults=True, quiet=True)
        commit_all(folder)
        git(folder, "gc", "--quiet")
        return folder

    return copy


@pytest.fixture
def project(fresh: Project, tmp_path: Path) -> Project:
    """A project with these answers that a test may change."""
    return lambda *answers: Path(shutil.copytree(fresh(*answers), tmp_path / "project"))
