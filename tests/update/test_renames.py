"""A resource and a field get other names, with their rows and their owner's lines."""

from __future__ import annotations

import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from tests.questions.clone import commit_all, git
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.conftest import Live, Project
from tests.update.lists import INVOICE, LISTS
from tests.update.living import ADA, THERE_AND_BACK, WRITE, Living, user
from tests.update.updating import content, replace, update

NAMED = """
import asyncio
from sqlalchemy import inspect
from app.config import load_settings
from app.db import dialect

def look(connection):
    database = inspect(connection)
    for table in database.get_table_names():
        kinds = ("foreign_keys", "unique_constraints", "check_constraints", "indexes")
        for kind in kinds:
            for one in getattr(database, f"get_{kind}")(table):
                print(table, one["name"])
        if connection.dialect.name == "postgresql":
            print(table, database.get_pk_constraint(table)["name"])

async def main():
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    async with engine.connect() as connection:
        await connection.run_sync(look)
    await engine.dispose()

asyncio.run(main())
"""
"""The names of all tables, constraints and indexes; where a key has none, nothing of it."""

PYTEST = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
ONE_IS_ENOUGH = pytest.mark.parametrize("live", ["sqlite"], indirect=True)
OWN = "app/services/dunning.py"
OWN_TEXT = '''"""Reminds of what is to be paid."""

from app.services.invoice import InvoiceService


Dunning = InvoiceService  # an invoice, twice
'''
ADDED = {
    "app/services/invoice.py": (
        "    repository = InvoiceRepository\n",
        "\n    async def pay(self) -> None: ...\n",
    ),
    "app/crud/invoice.py": ("    model = Invoice\n", "    late = 3\n"),
    "app/models/invoice.py": ("class Invoice(OwnedMixin, Resource):\n", "    # Mine.\n"),
    "app/models/__init__.py": ("import Tag\n", "# Mine.\n"),
    "tests/factories/invoices.py": ('"/api/v1/invoices",\n', "        # Mine.\n"),
}
"""What an owner adds, each after or in a line that says the name."""

LISTED = '"""List {}, a page at a time."""'
CHANGED = LISTED.format("what is to be paid")
"""What an owner has made of such a line."""


ROWS = (
    "SELECT name FROM customers",
    "SELECT NUMBER, NUMBER_key, year, status, CUSTOMER_id, parent_id FROM NAMEs",
    "SELECT NAME_id, tag_id FROM NAME_tags",
    "SELECT NAME_id, similar_id FROM NAME_similar",
    "SELECT position, NAME_id, settles_id FROM entries",
)
"""What finds the rows of all tables, whatever they are called."""


def call(living: Living, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the verb `resource rename` in a project with a database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", living.url)
        return run_verb(living.root, stand_in(folder, RUNS), "resource", "rename", *words)


def fill(living: Living) -> None:
    """Add rows to all tables, with links."""
    customer, tag, first, second = (UUID(int=number) for number in range(11, 15))
    own = {"owner_id": ADA, "row_version": 1}
    invoice = {"customer_id": customer, "year": 2026, "status": "draft", **own}
    living.add(
        user(ADA),
        ("customers", {"id": customer, "name": "Ada", "name_key": "ada", **own}),
        ("tags", {"id": tag, "word": "late", "word_key": "late", "row_version": 1}),
        ("invoices", {"id": first, "number": "A-1", "number_key": "a-1", **invoice}),
    )
    other = {"id": second, "number": "A-2", "number_key": "a-2", "parent_id": first}
    living.add(
        ("invoices", {**invoice, **other}),
        ("invoice_tags", {"invoice_id": first, "tag_id": tag}),
        ("invoice_similar", {"invoice_id": first, "similar_id": second}),
        ("entries", {"invoice_id": first, "settles_id": second, "position": 1, **own}),
    )


def rows(living: Living, **names: str) -> list[list[str]]:
    """All rows of all tables, by these names."""
    found = []
    for statement in ROWS:
        for word in ("name", "number", "customer"):
            default = "invoice" if word == "name" else word
            statement = statement.replace(word.upper(), names.get(word, default))
        found.append(sorted(living.look(statement)))
    return found


def named(living: Living, names: dict[str, str]) -> list[str]:
    """Names of tables, constraints and indexes; of a field, those of its own table."""
    found = living.run(NAMED).splitlines()
    return [one for one in found if "name" in names or one.startswith("invoices ")]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("invoice", "bill"), {"name": "bill"}),
        (("invoice", "final_bill"), {"name": "final_bill"}),
        (("invoice.sent_on", "mailed_on"), {}),
        (("invoice.number", "code"), {"number": "code"}),
        (("invoice.customer", "buyer"), {"customer": "buyer"}),
    ],
    ids=["resource", "words", "rule", "field", "reference"],
)
def test_rows_stay_under_another_name(
    live: Live, tmp_path: Path, words: tuple[str, str], names: dict[str, str]
) -> None:
    living = live("jwt", "owing")
    fill(living)
    before = rows(living)
    assert [len(one) for one in before] == [1, 2, 1, 1, 1]
    done = call(living, tmp_path, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "decide first" not in done.stdout
    assert rows(living) == before
    living.alembic(*THERE_AND_BACK)
    assert rows(living, **names) == before
    assert not any(words[0].split(".")[-1] in one for one in named(living, names))


def test_a_former_name_is_free(live: Live, tmp_path: Path) -> None:
    living = live("none", "owing")
    assert call(living, tmp_path, "invoice", "bill").returncode == 0
    living.alembic("upgrade head")
    commit_all(living.root)
    update(living.root, resources=[*LISTS["billed"], INVOICE])
    living.alembic(WRITE, *THERE_AND_BACK)


def test_lines_of_an_owner_move_with_their_files(
    project: Project, fresh: Project, tmp_path: Path
) -> None:
    owned = project("sqlite", "jwt", "owing")
    for file, (line, mine) in ADDED.items():
        replace(owned / file, line, line + mine)
    replace(owned / "app/api/v1/endpoints/invoices.py", LISTED.format("invoices"), CHANGED)
    (owned / OWN).write_text(OWN_TEXT)
    commit_all(owned)
    done = run_verb(owned, stand_in(tmp_path, RUNS), "resource", "rename", "invoice", "bill")
    assert git(owned, "diff", "--name-only", "--diff-filter=U") == ""
    _, _, said = done.stdout.partition("Lines of your own that say the former name:\n")
    assert said.splitlines()[:2] == [
        f"  {OWN}:3: from app.services.invoice import InvoiceService",
        f"  {OWN}:6: Dunning = InvoiceService  # an invoice, twice",
    ]
    assert (owned / OWN).read_text() == OWN_TEXT
    (owned / OWN).unlink()
    for file, (_, mine) in ADDED.items():
        replace(owned / file.replace("invoice", "bill"), mine, "")
    replace(owned / "app/api/v1/endpoints/bills.py", CHANGED, LISTED.format("bills"))
    assert written(owned) == written(fresh("sqlite", "jwt", "billed"))


def test_a_conflict_in_a_moved_file_is_named_and_says_how_to_go_on(
    project: Project, tmp_path: Path
) -> None:
    owned = project("sqlite", "none", "owing")
    wrapped = "    RuledService[Invoice], LinkingService[Invoice], ReferringService[Invoice]\n"
    replace(owned / "app/services/invoice.py", wrapped, f"    Mine, {wrapped.lstrip()}")
    commit_all(owned)
    done = run_verb(owned, stand_in(tmp_path, RUNS), "resource", "rename", "invoice", "bill")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Mend the conflicts, where both sides changed the same lines:",
        "app/services/bill.py",
        'Then: uv run just makemigration "rename invoices to bills" -x rename=invoices:bills'
        " -x rename=invoice_tags:bill_tags -x rename=invoice_similar:bill_similar",
    ]
    text = (owned / "app/services/bill.py").read_text()
    assert "<<<<<<< before updating" in text
    assert f"    Mine, {wrapped.lstrip()}" in text


def written(project: Path) -> dict[str, tuple[bytes, int]]:
    """What the template writes of a project; nothing that running it leaves behind."""
    listed = git(project, "ls-files", "--cached", "--others", "--exclude-standard")
    return {name: one for name, one in content(project).items() if name in listed.splitlines()}


@ONE_IS_ENOUGH
def test_a_renamed_project_passes_its_tests(live: Live, tmp_path: Path) -> None:
    living = live("none", "owing")
    for words in (("invoice", "bill"), ("bill.number", "code"), ("entry", "slip")):
        done = call(living, tmp_path, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        living.alembic("upgrade head", "check")
        commit_all(living.root)
    passed = living.run(PYTEST, "tests/api", "tests/test_seed.py", "tests/test_migrations.py", "-q")
    assert " passed" in passed
