"""Rows that are there are searched as soon as the list says so."""

from __future__ import annotations

from tests.update.conftest import Live
from tests.update.lists import ITEM, grown
from tests.update.living import ADA, CHANGE, WRITE, item, user

SEARCHED = grown(ITEM, description="text optional search")


def test_rows_that_are_there_get_what_they_are_searched_by(live: Live) -> None:
    living = live("jwt")
    living.change(resources=[ITEM])
    living.alembic(WRITE, "confirm", "upgrade head")
    texts = ["Gro\u00dfe LAMPE", None]
    rows = [item(str(number), ADA, description=text) for number, text in enumerate(texts)]
    living.add(user(ADA), *rows)
    living.change(resources=[SEARCHED])
    living.alembic(*CHANGE)
    found = living.look("SELECT description_key FROM items ORDER BY name")
    assert found == ["grosse lampe", "None"]
    living.change(resources=[ITEM])
    living.alembic(WRITE, "confirm", "upgrade head", "check")
    assert living.look("SELECT count(*) FROM items") == ["2"]
