"""The project's own verb `update` says aloud what its owner has to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.questions.clone import commit_all, git
from tests.support.verbs import RUNS, STOCK, run_verb, stand_in
from tests.update.conftest import Project
from tests.update.updating import content, replace

FLIP = ("update", "--data", "database=mysql")
DIALECT = "app/db/sqlite.py"
COUNT_IN_ROWS = 'uv run just makemigration "count attempts in the database"'


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A uv that needs no network."""
    return stand_in(tmp_path, RUNS)


def edit(project: Path, *files: str) -> Path:
    """Commit a line more in each of these files."""
    for file in files:
        path = project / file
        path.write_text(path.read_text() + "\n# Mine.\n")
    commit_all(project)
    return project


def test_a_changed_answer_passes_and_names_what_went(
    project: Project, fresh: Project, tmp_path: Path
) -> None:
    changed = project("sqlite")
    done = run_verb(changed, stand_in(tmp_path, STOCK), *FLIP)
    assert done.returncode == 0, done.stderr
    assert content(changed) == content(fresh("mysql"))
    assert f"Deleted by the update: {DIALECT}\n" in done.stdout
    assert "You had changed" not in done.stdout
    assert "Set DATABASE_URL in .env to its value in .env.example" in done.stderr
    assert "makemigration" not in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("none", "jwt", "accounts with tokens"),
        ("jwt", "session", "accounts with cookies"),
        ("session", "none", "remove accounts"),
    ],
)
def test_changed_accounts_need_a_migration(
    project: Project, uv: Path, before: str, after: str, change: str
) -> None:
    done = run_verb(project("sqlite", before), uv, "update", "--data", f"auth={after}")
    assert done.returncode == 0, done.stderr
    assert done.stderr.rstrip().splitlines()[-4:] == [
        "git status --short && git diff --check",
        f'uv run just makemigration "{change}"',
        "uv run just migrate",
        "uv run just check",
    ]
    assert "DATABASE_URL" not in done.stderr


@pytest.mark.parametrize(
    ("auth", "before", "after", "commands"),
    [
        ("jwt", "memory", "redis", ['uv run just makemigration "count attempts in Redis"']),
        ("jwt", "redis", "none", [f"uv run alembic check || {COUNT_IN_ROWS}"]),
        ("none", "memory", "redis", []),
        ("none", "redis", "memory", []),
    ],
)
def test_attempts_that_are_counted_elsewhere_need_a_migration(
    project: Project, uv: Path, auth: str, before: str, after: str, commands: list[str]
) -> None:
    changed = project("sqlite", auth, rate_limit=before)
    done = run_verb(changed, uv, "update", "--data", f"rate_limit={after}")
    assert done.returncode == 0, done.stderr
    lines = done.stderr.rstrip().splitlines()
    assert [line for line in lines if "makemigration" in line] == commands
    assert ("uv run just migrate" in lines) == bool(commands)


def test_nothing_is_changed_if_an_edited_file_would_go(project: Project, uv: Path) -> None:
    owned = edit(project("sqlite"), DIALECT, "app/models/item.py")
    before = content(owned)
    done = run_verb(owned, uv, *FLIP)
    assert done.returncode != 0
    assert done.stdout.splitlines() == [
        "Nothing is changed: the update would delete what you have edited. "
        "To go on, add --delete-edited:",
        DIALECT,
    ]
    assert content(owned) == before
    assert git(owned, "status", "--porcelain") == ""


def test_an_edited_file_goes_if_told_so_and_can_be_had_back(project: Project, uv: Path) -> None:
    done = run_verb(edit(project("sqlite"), DIALECT), uv, *FLIP, "--delete-edited")
    assert done.returncode == 0, done.stderr
    (loss,) = [line for line in done.stdout.splitlines() if "You had changed" in line]
    assert loss.startswith(f"You had changed {DIALECT}, and the update deleted it: ")
    assert loss.endswith(f"git show HEAD:./{DIALECT}")
    assert "Deleted by the update: tests/fixtures/sqlite.py\n" in done.stdout


def test_a_loss_and_a_conflict_are_both_named(project: Project, uv: Path) -> None:
    owned = project("sqlite")
    replace(owned / "pyproject.toml", '"aiosqlite>=', '"aiosqlite[mine]>=')
    done = run_verb(edit(owned, DIALECT), uv, "update", "--delete-edited", *FLIP[1:])
    assert done.returncode != 0
    assert f"You had changed {DIALECT}, and the update deleted it: " in done.stdout
    assert done.stdout.endswith("both sides changed the same lines:\npyproject.toml\n")


def test_an_edit_in_a_file_that_stays_is_no_loss(project: Project, uv: Path) -> None:
    owned = edit(project("sqlite"), "app/models/item.py")
    done = run_verb(owned, uv, *FLIP)
    assert done.returncode == 0, done.stdout
    assert (owned / "app/models/item.py").read_text().endswith("# Mine.\n")


def test_a_conflict_fails(project: Project, uv: Path) -> None:
    owned = project("sqlite")
    replace(owned / "pyproject.toml", '"aiosqlite>=', '"aiosqlite[mine]>=')
    commit_all(owned)
    done = run_verb(owned, uv, *FLIP)
    assert done.returncode != 0
    assert "Mend the conflicts" in done.stdout


def test_an_answer_of_several_words_arrives(project: Project, uv: Path) -> None:
    changed = project("sqlite")
    done = run_verb(changed, uv, "update", "--data", "description=Two words; isn't it")
    assert "Remove quotes, backticks" in done.stderr
    done = run_verb(changed, uv, "update", "--data", "description=Two words; no more")
    assert done.returncode == 0, done.stderr
    assert "\ndescription: Two words; no more\n" in (changed / ".copier-answers.yml").read_text()
    assert "DATABASE_URL" not in done.stderr


def test_uncommitted_work_is_refused(project: Project, uv: Path) -> None:
    owned = project("sqlite")
    replace(owned / "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    done = run_verb(owned, uv, *FLIP)
    assert done.returncode != 0
    assert not (owned / "app/db/mysql.py").exists()


def test_an_unknown_key_fails_and_changes_nothing(project: Project, uv: Path) -> None:
    untouched = project("sqlite")
    done = run_verb(untouched, uv, "update", "--data", "databse=mysql")
    assert done.returncode != 0
    assert 'write "database" if you meant that' in done.stderr
    assert not (untouched / "app/db/mysql.py").exists()
