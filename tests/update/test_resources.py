"""A changed list of resources is in the project as in a fresh copy, beside its owner's lines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.questions.clone import commit_all, git
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.conftest import Project
from tests.update.lists import INVOICE, LISTS, REFERRING, grown
from tests.update.updating import content, replace, update

WAYS = [  # the accounts, and one list after the other
    ("jwt", "none", "default", "related", "none"),
    ("none", "default", "invoices", "dated", "referring", "default"),
    ("jwt", "referring", "invoices", "first"),
    ("none", "types", "awkward"),
    ("session", "longest", "types"),
    ("jwt", "operations", "whole", "operations"),
]
EDITS = {
    "app/services/invoice.py": (
        "    repository = InvoiceRepository\n",
        "    repository = InvoiceRepository\n\n    async def pay(self) -> None: ...\n",
    ),
    "app/api/v1/endpoints/invoices.py": (
        '    """List invoices, a page at a time."""\n',
        '    """List what is to be paid, a page at a time."""\n',
    ),
    "app/crud/invoice.py": (
        "    model = Invoice\n",
        "    model = Invoice\n\n    async def count_late(self) -> int:\n        return 0\n",
    ),
    "app/models/invoice.py": ('"""The table of invoices.', '"""What is owed to us.'),
    "app/schemas/invoice.py": ('"""Request and', '"""The request and'),
}
"""What an owner changes in generated files."""


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_a_changed_list_equals_a_fresh_copy(
    project: Project, fresh: Project, way: tuple[str, ...]
) -> None:
    auth, first, *others = way
    changed = project("sqlite", auth, first)
    for resources in others:
        update(changed, resources=LISTS[resources])
        assert content(changed) == content(fresh("sqlite", auth, resources))
        commit_all(changed)


@pytest.mark.parametrize("resources", ["none", "types"])
def test_another_answer_changes_with_any_list(
    project: Project, fresh: Project, resources: str
) -> None:
    changed = project("sqlite", "none", resources)
    update(changed, auth="session", database="mysql")
    assert content(changed) == content(fresh("mysql", "session", resources))


def test_a_list_and_another_answer_can_change_at_once(project: Project, fresh: Project) -> None:
    changed = project("sqlite", "jwt", "related")
    update(changed, auth="none", resources=LISTS["awkward"])
    assert content(changed) == content(fresh("sqlite", "none", "awkward"))


def test_other_operations_change_no_table(project: Project) -> None:
    changed = project("sqlite", "jwt", "operations")
    update(changed, resources=LISTS["whole"])
    moved = git(changed, "status", "--porcelain", "--untracked-files=all").split("\n")
    assert [one for one in moved if "app/models/" in one or "migrations/" in one] == []
    assert " M app/schemas/event.py" in moved


def test_an_update_without_news_changes_nothing(project: Project) -> None:
    unchanged = project("sqlite", "jwt", "related")
    update(unchanged)
    assert git(unchanged, "status", "--porcelain") == ""


def edited(project: Project, edits: dict[str, tuple[str, str]]) -> Path:
    """Commit edits of generated files."""
    owned = project("sqlite", "jwt", "invoices")
    for file, (old, new) in edits.items():
        replace(owned / file, old, new)
    commit_all(owned)
    return owned


def test_the_lines_of_an_owner_survive_a_field_and_a_reference(
    project: Project, fresh: Project
) -> None:
    owned = edited(project, EDITS)
    for resources in ("dated", "referring"):
        update(owned, resources=LISTS[resources])
        assert git(owned, "diff", "--name-only", "--diff-filter=U") == ""
        commit_all(owned)
    for file, (old, new) in EDITS.items():
        replace(owned / file, new, old)
    assert content(owned) == content(fresh("sqlite", "jwt", "referring"))


AMOUNT = "    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))"
CLOSE = {
    "app/models/invoice.py": (AMOUNT, f"{AMOUNT}  # net"),
    "app/schemas/invoice.py": ("class InvoiceRead(", "Kept = str\n\n\nclass InvoiceRead("),
    "app/services/invoice.py": EDITS["app/services/invoice.py"],
    "README.md": ("\n## ", "\nMine.\n\n## "),
}
"""Edits in, beside and far from the lines that follow from a field."""


@pytest.mark.parametrize("edits", [EDITS, CLOSE], ids=["apart", "close"])
def test_the_verb_changes_what_an_update_changes(
    project: Project, tmp_path: Path, edits: dict[str, tuple[str, str]]
) -> None:
    owned = edited(project, edits)
    for gone in ("test_items.py", "test_invoices.py"):
        (owned / "tests/api" / gone).unlink()
    commit_all(owned)
    other = Path(shutil.copytree(owned, tmp_path / "other"))
    new = [grown(INVOICE, amount="decimal(12,2) min=0", seen_at="datetime optional")]
    update(owned, resources=new)
    (tmp_path / "new.yml").write_text(f"resources: {new}")
    words = ("resource", "apply", str(tmp_path / "new.yml"), "--yes")
    done = run_verb(other, stand_in(tmp_path, RUNS), *words)
    assert "tests/api/test_invoices.py" in done.stderr
    assert tree(other) == tree(owned)


def tree(project: Path) -> list[str]:
    """Name the files with conflicts, and all files with their contents and modes."""
    conflicting = git(project, "diff", "--name-only", "--diff-filter=U")
    git(project, "add", "--all")
    files = git(project, "ls-files", "--stage", "--", ":!migrations/versions").splitlines()
    return [conflicting, *files]


def test_a_line_that_both_changed_is_a_loud_conflict(project: Project, tmp_path: Path) -> None:
    owned = edited(project, {"app/models/invoice.py": CLOSE["app/models/invoice.py"]})
    words = ("resource", "field", "invoice", "amount: decimal(12,2) min=0")
    done = run_verb(owned, stand_in(tmp_path, RUNS), *words)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Mend the conflicts, where both sides changed the same lines:",
        "app/models/invoice.py",
        'Then: uv run just makemigration "change amount of invoices"',
    ]
    text = (owned / "app/models/invoice.py").read_text()
    assert "<<<<<<< before updating" in text
    assert f"{AMOUNT}  # net" in text
    assert "Numeric(12, 2)" in text


def test_an_update_that_changes_the_list_names_the_migration(
    project: Project, tmp_path: Path
) -> None:
    data = tmp_path / "resources.yml"
    data.write_text(f"resources: {[*LISTS['default'], REFERRING]}")
    words = ("update", "--vcs-ref=:current:", "--data-file", str(data))
    done = run_verb(project("sqlite"), stand_in(tmp_path, RUNS), *words)
    assert done.returncode == 0, done.stderr
    assert done.stderr.rstrip().splitlines()[-4:] == [
        "git status --short && git diff --check",
        'uv run just makemigration "change the resources"',
        "uv run just migrate",
        "uv run just check",
    ]
