"""A number comes to rows that are there, and counting goes on after them."""

from __future__ import annotations

from tests.update.conftest import Live
from tests.update.lists import ITEM, grown
from tests.update.living import THERE_AND_BACK, WRITE, item

NUMBERED = grown(ITEM, number="number(I-{year}.{seq:3})", position="number({seq})")
GIVEN = "I-2020.007"


def test_rows_get_their_number_from_the_owner_and_others_count_on(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    living.change(resources=[NUMBERED])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    told = "Rows of items need a value for number and position: write below which, and delete "
    assert told in refused.stderr
    migration = living.newest()
    text = migration.read_text().replace("number=None", f"number={GIVEN!r}")
    migration.write_text(text.replace("position=None", "position='41'"))
    living.alembic("confirm", *THERE_AND_BACK)
    living.add(item("Chair"))
    assert living.look("SELECT position FROM items ORDER BY position") == ["41", "42"]
    (number,) = living.look("SELECT number FROM items WHERE position = '42'")
    assert number.endswith(".001")
    assert living.look("SELECT number FROM items WHERE position = '41'") == [GIVEN]
    living.change(resources=[ITEM])
    living.alembic(WRITE, "confirm", "upgrade head", "check")
    assert living.look("SELECT count(*) FROM items") == ["2"]
