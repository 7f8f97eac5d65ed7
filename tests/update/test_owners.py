"""What an owner wrote survives an update, and a conflict cannot be overlooked."""

from __future__ import annotations

from pathlib import Path

from tests.questions.clone import commit_all, git
from tests.update.conftest import Project
from tests.update.updating import content, replace, update


def edited(project: Path, file: str, old: str, new: str) -> Path:
    """Commit an edit in the name of the project's owner."""
    replace(project / file, old, new)
    commit_all(project)
    return project


def test_an_edit_beside_a_changed_line_survives(project: Project) -> None:
    owned = edited(project("sqlite"), "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    update(owned, database="mysql")
    text = (owned / "pyproject.toml").read_text()
    assert 'version = "0.2.0"' in text
    assert '"asyncmy' in text
    assert '"aiosqlite' not in text


def test_files_of_the_owner_survive(project: Project, fresh: Project) -> None:
    owned = project("sqlite")
    (owned / "app/api/v1/endpoints/mine.py").write_text('"""Mine."""\n')
    commit_all(owned)
    update(owned, database="postgresql")
    found = content(owned)
    assert found.pop("app/api/v1/endpoints/mine.py")[0] == b'"""Mine."""\n'
    assert found == content(fresh("postgresql"))


def test_a_file_that_the_owner_removed_does_not_return(project: Project) -> None:
    owned = project("sqlite")
    (owned / "LICENSE").unlink()
    commit_all(owned)
    update(owned, database="mysql")
    assert not (owned / "LICENSE").exists()


def test_a_line_that_both_changed_is_marked_as_a_conflict(project: Project) -> None:
    owned = edited(project("sqlite"), "pyproject.toml", '"aiosqlite>=', '"aiosqlite[mine]>=')
    update(owned, database="mysql")
    text = (owned / "pyproject.toml").read_text()
    assert "<<<<<<< before updating" in text
    assert '"aiosqlite[mine]' in text
    assert "pyproject.toml" in git(owned, "ls-files", "--unmerged")


def test_an_edited_file_that_is_no_longer_wanted_shows_as_deleted(project: Project) -> None:
    owned = project("sqlite")
    module = owned / "app/db/sqlite.py"
    module.write_text(module.read_text() + "\nMINE = True\n")
    commit_all(owned)
    update(owned, database="mysql")
    assert module.relative_to(owned).as_posix() in git(owned, "ls-files", "--deleted").splitlines()


def test_the_environment_is_never_touched(project: Project) -> None:
    owned = project("sqlite")
    before = (owned / ".env").read_bytes()
    update(owned, database="mysql")
    assert (owned / ".env").read_bytes() == before
