"""Where migrations cannot go on, each verb says in one sentence what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.verbs import RUNS, run_verb, stand_in

REVISION = '''"""{name}."""

revision = "{name}"
down_revision = "0001"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
'''


def add_revisions(root: Path, *names: str) -> list[Path]:
    """Write migrations that follow the first one."""
    files = [root / f"migrations/versions/{name}.py" for name in names]
    for file in files:
        file.write_text(REVISION.format(name=file.stem))
    return files


def run(root: Path, *words: str) -> list[str]:
    """Run a verb that succeeds, and give what it logs."""
    done = run_verb(root, stand_in(root.parent, RUNS), *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr.splitlines()


def refused(root: Path, *words: str) -> str:
    """Run a verb that fails, and give the one sentence that it says."""
    before = set(root.rglob("migrations/versions/*.py"))
    done = run_verb(root, stand_in(root.parent, RUNS), *words)
    assert done.returncode != 0
    assert set(root.rglob("migrations/versions/*.py")) == before
    lines = (done.stdout + done.stderr).splitlines()
    said = [line for line in lines if " [info " not in line and "error: recipe" not in line]
    (sentence,) = [line for line in said if " run " not in line or line.endswith(".")]
    return sentence


@pytest.mark.parametrize("words", [("migrate",), ("--no-deps", "makemigration", "more")])
def test_two_that_follow_the_same_one_are_joined(root: Path, words: tuple[str, ...]) -> None:
    run(root, "migrate")
    add_revisions(root, "mine", "theirs")
    sentence = refused(root, *words)
    assert sentence == (
        "Revisions mine and theirs follow the same one: `uv run just merge` joins them."
    )
    run(root, "merge")
    run(root, "migrate")
    assert refused(root, "merge").startswith("There is nothing to join")


def test_a_database_that_is_ahead_of_the_code(root: Path) -> None:
    (newer,) = add_revisions(root, "newer")
    run(root, "migrate")
    newer.unlink()
    for words in (("migrate",), ("--no-deps", "makemigration", "more")):
        sentence = refused(root, *words)
        assert sentence.startswith("The database is at revision newer, which this code has not")
        assert sentence.endswith("`alembic downgrade 0001`.")


def test_a_database_that_is_behind_the_code(root: Path) -> None:
    sentence = refused(root, "--no-deps", "makemigration", "more")
    assert sentence == "The database is behind the code: `uv run just migrate` first."
