"""Ids that a database counts go on through changes of the tables, and stay of their kind."""

from __future__ import annotations

import pytest

from tests.update.conftest import Live
from tests.update.lists import COUNTED, DEFAULT, INVOICE, ITEM, LISTS, grown
from tests.update.living import THERE_AND_BACK, WRITE, Living, item
from tests.update.test_resources_rows import EXECUTE, grow, invoice

LAST = "SELECT id FROM items ORDER BY id DESC LIMIT 1"
IDS = "SELECT id FROM items ORDER BY id"


def add_and_remove(living: Living) -> int:
    """Add a row, remove it, and give its id."""
    living.add(item("Gone"))
    (last,) = living.look(LAST)
    living.run(EXECUTE, "DELETE FROM items WHERE name = 'Gone'")
    return int(last)


def test_no_id_is_given_twice_after_a_change_of_the_table(live: Live) -> None:
    living = live("none", "counted")
    living.add(item("Lamp"))
    (lamp,) = living.look(IDS)
    living.add(invoice("A-1", item_id=int(lamp)))
    last = add_and_remove(living)
    narrow = grown(COUNTED, name="str(60) unique")
    grow(living, [narrow, LISTS["counted"][1]])
    assert add_and_remove(living) > last
    assert living.look("SELECT item_id FROM invoices") == [lamp]


def test_counted_rows_come_and_go_beside_others(live: Live) -> None:
    living = live("none")
    counted = {**INVOICE, "id": "integer"}
    line = {"name": "part", "id": "integer", "fields": {"invoice": "ref(invoice)"}}
    tagged = grown(line, items="many(item)", above="ref(part) optional")
    grow(living, [ITEM, counted])
    living.add(invoice("A-1"))
    grow(living, [ITEM, counted, tagged])
    living.add(("parts", {"invoice_id": 1, "row_version": 1}))
    assert living.look("SELECT id, invoice_id FROM parts") == ["1 1"]
    grow(living, DEFAULT)
    living.alembic("check")


@pytest.mark.parametrize(("former", "new"), [(ITEM, COUNTED), (COUNTED, ITEM)])
def test_ids_stay_of_their_kind(live: Live, former: dict[str, object], new: object) -> None:
    living = live("none", "default" if former is ITEM else "alone")
    living.change(resources=[new])
    done = living.try_alembic(WRITE)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Rows of items keep what names them: id cannot become of another type; change it back, or "
        "make a table of another name."
    ]
    living.change(resources=[former])
    living.alembic("check")


def test_a_reference_to_rows_of_another_kind_is_refused_where_there_are_some(live: Live) -> None:
    living = live("none", "counted")
    thing = {"name": "thing", "fields": {"name": "str"}}
    grow(living, [*LISTS["counted"], thing])
    living.add(item("Lamp"))
    (lamp,) = living.look(IDS)
    living.add(invoice("A-1", item_id=int(lamp)))
    living.add(invoice("A-2"))
    invoices = grown(INVOICE, item="ref(thing) optional")
    living.change(resources=[COUNTED, thing, invoices])
    living.alembic(WRITE)
    done = living.try_alembic("upgrade head")
    assert done.returncode == 1
    assert done.stderr.startswith("Rows of invoices have a item_id that is no UUID")
    living.run(EXECUTE, "UPDATE invoices SET item_id = NULL")
    living.alembic(*THERE_AND_BACK)
