"""Projects whose verbs are called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.matrix import headline
from tests.support.render import render
from tests.verbs.small import make_project, make_template


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own for each test, since a verb may write."""
    return render(headline(database="sqlite").answers, tmp_path / "orders-api")


@pytest.fixture(scope="session")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with few files; only to be read."""
    folder = tmp_path_factory.mktemp("small")
    make_template(folder / "template")
    return make_project(folder / "template", folder / "project")


@pytest.fixture
def small(smallest: Path, tmp_path: Path) -> Path:
    """A project with few files, which a test may change."""
    return Path(shutil.copytree(smallest, tmp_path / "project"))
