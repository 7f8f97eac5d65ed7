"""Rules over two fields come, change and go while tables hold rows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.update.conftest import Live
from tests.update.lists import ITEM, grown
from tests.update.living import THERE_AND_BACK, WRITE, Living, item
from tests.update.test_losses import refused
from tests.update.test_resources_rows import EXECUTE

FIELDS = {
    "low": "int optional",
    "high": "int optional",
    "state": "enum(new, sent) = new",
    "sent_on": "date optional",
}
RULES = ["high >= low", "sent_on required if state = sent"]


def write(living: Living, *check: str, **fields: str) -> None:
    """Give the item such fields and rules, and write the migration."""
    living.change(resources=[{**grown(ITEM, **fields), "check": list(check)}])
    living.alembic(WRITE)


def become(living: Living, *check: str, **fields: str) -> None:
    """Do so, and migrate, there and back."""
    living.change(resources=[{**grown(ITEM, **fields), "check": list(check)}])
    living.alembic(WRITE, *THERE_AND_BACK)


def forget(living: Living) -> None:
    """Take back a migration that was refused."""
    living.newest().unlink()


def is_taken(living: Living, change: str) -> bool:
    """Whether the database takes a change of all rows."""
    try:
        living.run(EXECUTE, f"UPDATE items SET {change}")  # noqa: S608
    except AssertionError as error:
        if "ck_items_" not in str(error):
            raise
        return False
    return True


def test_rows_that_break_a_new_rule_are_counted_and_named(live: Live) -> None:
    living = live("none")
    become(living, **FIELDS)
    living.add(item("Lamp", low=2, high=1), item("Desk", low=2, high=2), item("Pen", low=3))
    living.add(item("Cup", state="sent"), item("Cap", state="sent", sent_on=date(2026, 1, 31)))
    write(living, *RULES, **FIELDS)
    (lamp,) = living.look("SELECT id FROM items WHERE name = 'Lamp'")
    told = refused(living)
    assert told.startswith("Rows of items break the rule high >= low: change them first; 1 of ")
    assert told.replace("-", "").endswith(f"id {lamp.replace('-', '')}.")
    living.run(EXECUTE, "UPDATE items SET high = 4 WHERE high = 1")
    assert "sent_on IS NOT NULL OR state != 'sent': change them first; 1 of them" in refused(living)
    living.run(EXECUTE, "UPDATE items SET state = 'new' WHERE sent_on IS NULL")
    living.alembic(*THERE_AND_BACK)
    assert not is_taken(living, "high = 1")
    assert is_taken(living, "high = NULL")
    assert not is_taken(living, "sent_on = NULL")
    become(living, **FIELDS)
    assert is_taken(living, "sent_on = NULL, low = 2, high = 1")


def test_a_rule_changes_with_its_fields(live: Live) -> None:
    living = live("none")
    become(living, "high >= low", low="int", high="int")
    living.add(item("Lamp", low=1, high=1))
    write(living, "high > low", low="int", high="int")
    assert "break the rule high > low" in refused(living)
    forget(living)
    become(living, "high >= low", low="float", high="float")
    assert not is_taken(living, "high = 0.5")
    become(living, "highest >= low", low="float", highest="float")
    assert living.look("SELECT highest FROM items") == ["1.0"]
    assert not is_taken(living, "highest = 0.5")
    write(living, low="float")
    living.confirm()
    living.alembic("upgrade head", "check")
    assert living.look("SELECT low FROM items") == ["1.0"]


@pytest.mark.parametrize("kind", ["int", "date"])
def test_a_new_field_keeps_a_rule_or_is_asked_for(live: Live, kind: str) -> None:
    living = live("none")
    become(living, low=kind)
    living.add(item("Lamp", low=7 if kind == "int" else date(2026, 1, 31)))
    write(living, "high > low", low=kind, high=kind)
    told = refused(living)
    assert told.startswith("Rows of items need a value for high that keeps ck_items_high_gt_low: ")
    forget(living)
    become(living, "high > low", low=kind, high=f"{kind} optional")
