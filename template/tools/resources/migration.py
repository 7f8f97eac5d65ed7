"""The migration that follows from a change of the models."""

import ast
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.resources.errors import RefusalError

VERSIONS = Path("migrations/versions")


def just(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the project, in the project's own environment."""
    command = [os.environ.get("UV", "uv"), "run", "just", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def require_migrated() -> None:
    """Bring the database to the newest revision, while the code is still as it was.

    Raises:
        RefusalError: If that fails: no migration could be written afterwards.
    """
    done = just("migrate")
    if done.returncode != 0:
        raise RefusalError(
            "Nothing is changed: a migration is written by comparing with a database "
            f"that is up to date, and `uv run just migrate` fails: {last_line(done)}"
        )


def write(message: str, options: Sequence[str]) -> Path:
    """Write a migration for what changed in the models; the database is up to date.

    Args:
        message: What it is called.
        options: What Alembic is told besides.

    Raises:
        RefusalError: If that fails.
    """
    before = set(VERSIONS.glob("*.py"))
    done = just("--no-deps", "makemigration", message, *options)
    written = set(VERSIONS.glob("*.py")) - before
    if done.returncode != 0 or not written:
        raise RefusalError(
            f"The code has changed, but there is no migration yet: {last_line(done)}\n"
            f"Mend that, then: {command(message, options)}"
        )
    return written.pop()


def command(message: str, options: Sequence[str]) -> str:
    """Return what an owner calls to write it."""
    return " ".join(["uv run just makemigration", f'"{message}"', *options])


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line of what a verb said, not that `just` saw it fail."""
    lines = [
        line
        for line in done.stderr.splitlines()
        if line and not line.startswith("error: recipe")
    ]
    return lines[-1] if lines else "it does not say why."


def questions(migration: Path) -> list[str]:
    """Return what the owner must decide before this runs on tables with rows."""
    tree = ast.parse(migration.read_text(encoding="utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    calls = [one for one in raised if isinstance(one, ast.Call)]
    return [
        str(word.value)
        for one in calls
        for word in one.args
        if isinstance(word, ast.Constant)
    ]
