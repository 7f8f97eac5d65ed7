"""What can happen to a database that is a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import RenderFor
from tests.faults.serving import Api, at_once, migrate, serve


@pytest.fixture(scope="module")
def root(render_for: RenderFor) -> Path:
    """The rendered project."""
    return render_for("sqlite")


@pytest.fixture
def file(root: Path, tmp_path: Path) -> Path:
    """A migrated database in a folder of its own."""
    path = tmp_path / "data" / "app.db"
    migrate(root, f"sqlite:///{path}")
    return path


@pytest.fixture
def api(root: Path, file: Path) -> Iterator[Api]:
    """The running application; in the end it works, and its log shows no surprise."""
    with serve(root, f"sqlite:///{file}") as api:
        yield api
        assert api.works()
    log = api.log.read_text()
    assert "Traceback" not in log
    assert '"status":500' not in log


@contextmanager
def written_elsewhere(file: Path) -> Iterator[None]:
    """Another process holds the lock for writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_a_writer_elsewhere_stops_writing_but_not_reading(api: Api, file: Path) -> None:
    with written_elsewhere(file):
        refused = api.create("Locked out")
        assert api.get().response.status_code == 200
        assert api.readiness().response.status_code == 200
    assert refused.is_unavailable()
    assert refused.seconds > 0.9
    assert "Locked out" not in api.names()


def test_writers_that_queue_do_not_stop_the_probes(api: Api, file: Path) -> None:
    with written_elsewhere(file):
        answers = at_once(*[lambda: api.create("Queued")] * 5, lambda: api.get("/health/live"))
    assert all(answer.is_unavailable() for answer in answers[:-1])
    assert answers[-1].response.status_code == 200
    assert "Queued" not in api.names()


def test_a_folder_that_is_missing_for_a_while(api: Api, file: Path) -> None:
    away = file.parent.rename(file.parent.with_name("away"))
    answers = at_once(api.get, lambda: api.create("Nowhere"), api.readiness)
    alive = api.get("/health/live")
    away.rename(file.parent)
    assert all(answer.is_unavailable() for answer in answers)
    assert alive.response.status_code == 200
    assert "Nowhere" not in api.names()
