"""A written migration loses nothing that rows hold, unless its owner wants it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from tests.questions.clone import commit_all
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.conftest import Live
from tests.update.lists import ITEM, grown
from tests.update.living import THERE_AND_BACK, WRITE, Living, item
from tests.update.test_resources_rows import EXECUTE, LIST, ONE_IS_ENOUGH, invoice
from tests.update.updating import replace

MODEL = "app/models/item.py"
NAMES = "SELECT name FROM items ORDER BY name"
VERSION = "SELECT * FROM alembic_version"


def refused(living: Living) -> str:
    """Try to migrate, and give the one sentence that refuses it."""
    before = living.look(VERSION)
    done = living.try_alembic("upgrade head")
    assert done.returncode == 1
    assert living.look(VERSION) == before
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_a_renamed_column_keeps_its_values(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    living.run(EXECUTE, "UPDATE items SET price = 7")
    model = living.root / MODEL
    for old, new in (("price", "cost"), ("name", "title"), ("name_key", "title_key")):
        replace(model, f"    {old}: Mapped", f"    {new}: Mapped")
    for old, new in (('"name_key"', '"title_key"'), ('validates("name")', 'validates("title")')):
        replace(model, old, new)
    living.alembic(WRITE, *THERE_AND_BACK)
    assert "# Is cost of items what price was?" in living.newest().read_text()
    assert living.look("SELECT title, title_key FROM items WHERE cost = 7") == ["Lamp lamp"]


def test_a_renamed_reference_still_refers(live: Live) -> None:
    living = live("none", "referring")
    living.add(item("Lamp"))
    (lamp,) = living.look("SELECT id FROM items")
    living.add(invoice("A-1", item_id=UUID(lamp)))
    model = living.root / "app/models/invoice.py"
    model.write_text(model.read_text().replace("item_id", "thing_id"))
    living.alembic(WRITE, *THERE_AND_BACK)
    joined = "SELECT number FROM invoices JOIN items ON items.id = thing_id"
    assert living.look(joined) == ["A-1"]


@ONE_IS_ENOUGH
def test_a_column_is_dropped_when_its_owner_wants_it(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    text = (living.root / MODEL).read_text().splitlines(keepends=True)
    kept = [line for line in text if "price: Mapped" not in line]
    (living.root / MODEL).write_text("".join(kept))
    living.alembic(WRITE)
    assert refused(living).startswith("Rows of items would lose price: delete this check")
    living.confirm()
    living.alembic(*THERE_AND_BACK)


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("String(120)", "String(3)", "Rows of items have a name that is no text of at most 3 "),
        ("Numeric(10, 2)", "Numeric(9, 1)", "Rows of items have a price that is no number of 9"),
        ("Numeric(10, 2)", "Integer", "Rows of items have a price that is no whole number"),
    ],
)
def test_a_type_that_holds_less_is_refused(live: Live, old: str, new: str, sentence: str) -> None:
    living = live("none")
    living.add(item("Lamp"))
    living.run(EXECUTE, "UPDATE items SET price = 2.25")
    replace(living.root / MODEL, f"mapped_column({old}", f"mapped_column({new}")
    replace(living.root / MODEL, "import Index", "import Integer, Index")
    living.alembic(WRITE)
    assert refused(living).startswith(sentence)
    assert living.look(NAMES) == ["Lamp"]


@ONE_IS_ENOUGH
def test_a_type_that_holds_more_is_not_asked_about(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    replace(living.root / MODEL, "mapped_column(String(120)", "mapped_column(String(200)")
    replace(living.root / MODEL, "Numeric(10, 2)", "Numeric(12, 3)")
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look(NAMES) == ["Lamp"]


def test_what_no_migration_has_made_is_left_alone(live: Live) -> None:
    living = live("none")
    living.run(
        EXECUTE,
        "CREATE TABLE queue (id INTEGER PRIMARY KEY, kind VARCHAR(20))",
        "CREATE INDEX ix_queue_kind ON queue (kind)",
        "CREATE INDEX made_by_hand ON items (price)",
        "ALTER TABLE items ADD COLUMN searched VARCHAR(20)",
    )
    living.alembic("check", WRITE)
    assert "op." not in living.newest().read_text()


@ONE_IS_ENOUGH
def test_a_choice_that_rows_have_does_not_go_unasked(live: Live) -> None:
    living = live("none")
    living.change(resources=[grown(ITEM, state="enum(new, used, lost)")])
    living.alembic(WRITE, *THERE_AND_BACK)
    living.add(item("Lamp", state="used"), item("Desk", state="new"))
    enum = living.root / "app/schemas/item.py"
    replace(enum, '    USED = "used"\n', "")
    odd = "Rows of items have the state used, which is no choice: "
    assert refused(living) == f"{odd}`uv run just makemigration` asks what they get."
    assert '"state":"used"' in living.run(LIST)
    living.alembic(WRITE)
    assert refused(living).startswith(f"{odd}say below what they get")
    living.confirm()
    replace(living.newest(), 'values(state="new")', 'values(state="lost")')
    living.alembic("upgrade head")
    assert living.look("SELECT name, state FROM items ORDER BY name") == ["Desk new", "Lamp lost"]


@ONE_IS_ENOUGH
def test_the_verb_names_a_choice_that_goes_and_writes_where_rows_go(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = live("none")
    monkeypatch.setenv("DATABASE_URL", living.url)
    living.change(resources=[grown(ITEM, state="enum(new, used)")])
    living.alembic(WRITE, "upgrade head")
    commit_all(living.root)
    living.add(item("Lamp", state="used"))
    words = ("resource", "field", "--yes", "item", "state: enum(new, lost)")
    done = run_verb(living.root, stand_in(tmp_path, RUNS), *words)
    assert done.returncode == 0, done.stderr
    assert "value used of column items.state" in done.stdout
    assert "decide first: Rows of items have the state used" in done.stdout
    assert refused(living).startswith("Rows of items have the state used")
