"""The verb `resource` in projects where it cannot do, or not do all, that it was asked for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.questions.clone import commit_all, git
from tests.support.verbs import RUNS, STOCK, TOOLS, environment, run_verb, stand_in
from tests.update.updating import replace
from tests.verbs.small import resource

NOTE = ("add", "note", "text: str")
FAILING_GIT = """#!/bin/sh
case "$*" in *merge-file*) exit 255 ;; esac
exec "{git}" "$@"
"""
"""Fails when the answers are in, and the first file with lines of the owner is not yet."""

COUNTING_GIT = """#!/bin/sh
case "$*" in *clone*) echo "$@" >> "{log}" ;; esac
exec "{git}" "$@"
"""
"""Keeps a line for each rendering: Copier clones the template anew for each."""


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What the verb said when it did nothing."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def call_git_by(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a script in the place of git."""
    (folder / "bin").mkdir()
    stand_in(folder / "bin", script).rename(folder / "bin/git")
    monkeypatch.setenv("PATH", str(folder / "bin"), prepend=":")


def test_uncommitted_work_is_refused(small: Path) -> None:
    (small / "mine.txt").write_text("Mine.\n")
    assert refused(resource(small, *NOTE)) == (
        "Commit or stash your changes first: a resource is a change of its own.\n"
    )
    assert git(small, "status", "--porcelain") == "?? mine.txt\n"


def test_a_project_without_a_repository_is_refused(small: Path) -> None:
    shutil.rmtree(small / ".git")
    assert refused(resource(small, *NOTE)) == "Commit the project to a git repository first.\n"
    assert not (small / "app/models/note.py").exists()


def test_a_project_without_answers_is_refused(small: Path) -> None:
    (small / ".copier-answers.yml").unlink()
    assert refused(resource(small, *NOTE)).startswith("There is no .copier-answers.yml, which")


def test_a_file_of_the_owner_is_not_overwritten(small: Path) -> None:
    (small / "app/models/note.py").write_text("class Note: ...\n")
    commit_all(small)
    assert refused(resource(small, *NOTE)) == (
        "Move your own app/models/note.py first: the name is needed.\n"
    )
    assert git(small, "status", "--porcelain") == ""


def test_nothing_changes_without_the_database(small: Path) -> None:
    (small / "no-database").touch()
    commit_all(small)
    said = refused(resource(small, *NOTE))
    assert said.startswith(
        "Nothing is changed: a migration is written by comparing with a database"
    )
    assert said.endswith("`uv run just migrate` fails: no database\n")
    assert git(small, "status", "--porcelain") == ""


def test_a_change_costs_two_renderings(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    script = COUNTING_GIT.format(git=shutil.which("git"), log=log)
    call_git_by(script, tmp_path, monkeypatch)
    done = run_verb(small, stand_in(tmp_path, STOCK), "resource", *NOTE)
    assert done.returncode == 0, done.stderr
    assert len(log.read_text().splitlines()) == 2


def test_an_update_that_fails_midway_is_undone(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(small / "app/models/item.py", "note = 1", "note = 2")
    commit_all(small)
    call_git_by(FAILING_GIT.format(git=shutil.which("git")), tmp_path, monkeypatch)
    sentence = "The update failed, and all is as it was before: "
    assert sentence in refused(resource(small, "field", "item", "size: int"))
    assert git(small, "status", "--porcelain") == ""
    assert "note = 2" in (small / "app/models/item.py").read_text()


def test_a_conflict_is_named_and_no_migration_is_written(small: Path) -> None:
    replace(small / "app/names.py", "parts = 1\n", "parts = 2\nmine = 1\n")
    commit_all(small)
    said = refused(resource(small, *NOTE))
    assert said.splitlines() == [
        "Mend the conflicts, where both sides changed the same lines:",
        "app/names.py",
        'Then: uv run just makemigration "add notes"',
    ]
    assert "<<<<<<< before updating" in (small / "app/names.py").read_text()
    assert (small / "app/models/note.py").exists()
    assert not (small / "migrations").exists()


def test_a_change_of_a_file_that_the_owner_moved_is_shown(small: Path) -> None:
    git(small, "mv", "app/models/item.py", "app/item.py")
    commit_all(small)
    said = refused(resource(small, "field", "item", "size: int"))
    assert "\n+    size = 1\n" in said
    assert "You moved or deleted app/models/item.py: make the change above where it is now." in said
    assert (small / "app/item.py").read_text() == "class Item:\n    name = 1\n    note = 1\n"


@pytest.mark.parametrize(("answer", "is_there"), [("y", False), ("", True)])
def test_an_owner_at_the_terminal_is_asked(small: Path, answer: str, is_there: bool) -> None:
    uv = stand_in(small.parent, RUNS)
    words = ["resource", "remove", "part"]
    child = pexpect.spawn(
        str(TOOLS / "just"), words, cwd=str(small), env=environment(uv), timeout=60
    )
    child.expect_exact("table parts")
    child.expect_exact("Delete it? [y/N] ")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    assert (small / "app/models/part.py").exists() is is_there
