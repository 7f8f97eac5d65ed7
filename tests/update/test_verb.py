"""The project's own verb `update` says aloud what its owner has to look at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.questions.clone import commit_all
from tests.update.conftest import Project
from tests.update.updating import content, replace

UV = """#!/bin/sh
test "$1 $2" = "tool run" || exit 0
shift 3
exec "{python}" -m copier "$@"
"""
"""Stands in for uv: runs the Copier of these tests, and locks and installs nothing."""


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A uv that needs no network."""
    script = tmp_path / "uv"
    script.write_text(UV.format(python=sys.executable))
    script.chmod(0o755)
    return script


def run_verb(project: Path, uv: Path, *options: str) -> subprocess.CompletedProcess[str]:
    just = Path(sys.executable).with_name("just")
    return subprocess.run(
        [just, "update", *options],
        cwd=project,
        env={**os.environ, "UV": str(uv)},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_changed_answer_passes_and_names_what_went(
    project: Project, fresh: Project, uv: Path
) -> None:
    changed = project("sqlite")
    done = run_verb(changed, uv, "--data", "database=mysql")
    assert done.returncode == 0, done.stderr
    assert content(changed) == content(fresh("mysql"))
    assert "app/db/sqlite/" in done.stdout
    assert "git status --short\ngit diff --check\nuv run just check\n" in done.stderr


def test_a_conflict_fails(project: Project, uv: Path) -> None:
    owned = project("sqlite")
    replace(owned / "pyproject.toml", '"aiosqlite>=', '"aiosqlite[mine]>=')
    commit_all(owned)
    done = run_verb(owned, uv, "--data", "database=mysql")
    assert done.returncode != 0
    assert "Mend the conflicts" in done.stdout + done.stderr


def test_uncommitted_work_is_refused(project: Project, uv: Path) -> None:
    owned = project("sqlite")
    replace(owned / "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    done = run_verb(owned, uv, "--data", "database=mysql")
    assert done.returncode != 0
    assert not (owned / "app/db/mysql").exists()


def test_an_unknown_key_fails_and_changes_nothing(project: Project, uv: Path) -> None:
    untouched = project("sqlite")
    done = run_verb(untouched, uv, "--data", "databse=mysql")
    assert done.returncode != 0
    assert 'write "database" if you meant that' in done.stderr
    assert not (untouched / "app/db/mysql").exists()
