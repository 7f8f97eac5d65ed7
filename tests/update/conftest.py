"""Fixtures for the tests of updates: a released template and committed projects."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from copier import run_copy
from sqlalchemy import make_url

from tests.questions.clone import commit_all, copy_template, git
from tests.suites import servers
from tests.suites.conftest import WITHOUT, required
from tests.support.questions import choices
from tests.support.render import quick_copier
from tests.update.lists import LISTS
from tests.update.living import Living

Project = Callable[..., Path]
Live = Callable[..., Living]

MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it have names of their own
ENOUGH = 2 * 1024**3


@pytest.fixture(autouse=True, scope="package")
def quick() -> Iterator[None]:
    """Do once what Copier does in each of its three renderings.

    The tests of the verb `update` do the same, but for one that runs the stock command.
    """
    with quick_copier():
        yield


@pytest.fixture(autouse=True, scope="package")
def memory() -> Iterator[Path]:
    """A folder in memory, if there is room: an update writes and drops thousands of files."""
    room = shutil.disk_usage(MEMORY).free if MEMORY.is_dir() else 0
    with (
        TemporaryDirectory(dir=MEMORY if room > ENOUGH else None) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture
def tmp_path(memory: Path) -> Iterator[Path]:
    """A folder of a test's own, in memory, so that it does not stay."""
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def released(memory: Path) -> Path:
    """The template as it stands, released as version 1.0.0."""
    folder = copy_template(memory / "released")
    commit_all(folder, "1.0.0")
    git(folder, "gc", "--quiet")  # one pack is cloned faster than hundreds of files
    return folder


@pytest.fixture(scope="package")
def fresh(released: Path, memory: Path) -> Project:
    """A fresh and committed copy for these answers; only to be read."""

    @cache
    def copy(database: str, auth: str = "jwt", resources: str = "default", **others: str) -> Path:
        folder = Path(mkdtemp(dir=memory)) / f"{database}-{auth}"
        answers: dict[str, Any] = {"database": database, "auth": auth, **others}
        if resources != "default":
            answers["resources"] = LISTS[resources]
        run_copy(str(released), folder, answers, defaults=True, quiet=True)
        commit_all(folder)
        git(folder, "gc", "--quiet")
        return folder

    return copy


@pytest.fixture
def project(fresh: Project, tmp_path: Path) -> Project:
    """A project with these answers that a test may change."""
    return lambda *answers, **others: Path(
        shutil.copytree(fresh(*answers, **others), tmp_path / "project")
    )


@pytest.fixture(params=choices("database"))
def live(
    request: pytest.FixtureRequest, project: Project, memory: Path, tmp_path: Path
) -> Iterator[Live]:
    """Give a project with these answers, migrated, on a database that is dropped afterwards."""

    def with_answers(*answers: str) -> Living:
        living = Living(project(request.param, *answers), url)
        living.alembic("upgrade head")
        return living

    def with_file(*answers: str) -> Living:
        migrated, file = memory / f"{'-'.join(answers)}.db", tmp_path / f"{name}.db"
        root = project("sqlite", *answers)
        if not migrated.exists():
            Living(root, f"sqlite:///{migrated}").alembic("upgrade head")
        shutil.copy(migrated, file)
        return Living(root, f"sqlite:///{file}")

    name = f"update_{uuid4().hex}"
    if request.param == "sqlite":
        yield with_file
        return
    server = servers.find(request.param)
    if server is None:
        (pytest.fail if required() else pytest.skip)(WITHOUT[request.param])
    url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    server.ask(f"CREATE DATABASE {name}")
    try:
        yield with_answers
    finally:
        servers.drop(server, name)
