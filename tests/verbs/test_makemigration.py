"""A written migration is clean, and holds nothing but the change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.updating import replace

PRICE = "    price: Mapped"
COLOUR = "    colour: Mapped[str | None] = mapped_column(String(20))\n"
ADDED = '''def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("colour", sa.String(length=20), nullable=True))
'''
REQUIRED = '    colour: Mapped[str] = mapped_column(String(20), default="grey")\n'
FILLED = '''def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("colour", sa.String(length=20), nullable=True))

    items = sa.table("items", sa.column("colour", sa.String(length=20)))
    op.execute(items.update().values(colour="grey"))

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.alter_column(
            "colour", existing_type=sa.String(length=20), nullable=False
        )
'''
NOTHING = '''def upgrade() -> None:
    """Change the schema."""


def'''


def make(root: Path, message: str) -> str:
    """Write a migration, and read it."""
    before = set((root / "migrations/versions").glob("*.py"))
    done = run_verb(root, stand_in(root.parent, RUNS), "makemigration", message)
    assert done.returncode == 0, done.stdout + done.stderr
    (written,) = set((root / "migrations/versions").glob("*.py")) - before
    return written.read_text()


def test_it_holds_the_change_alone(root: Path) -> None:
    replace(root / "app/models/item.py", PRICE, COLOUR + PRICE)
    text = make(root, "add colour to items")
    assert text.startswith('"""Add colour to items.\n\nRevision: ')
    assert "\nFollows: 0001\n" in text
    assert ADDED in text
    assert "#" not in text


def test_it_fills_what_is_required(root: Path) -> None:
    replace(root / "app/models/item.py", PRICE, REQUIRED + PRICE)
    assert FILLED in make(root, "require a colour of items")


@pytest.mark.parametrize("message", ['keep é in C:\\new """here"""', "use `x` for $y."])
def test_without_a_change_it_is_empty_and_clean_whatever_the_message(
    root: Path, message: str
) -> None:
    assert NOTHING in make(root, message)
    for words in (["format", "--check"], ["check"]):
        command = [sys.executable, "-m", "ruff", *words, "--no-cache", "migrations"]
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout
