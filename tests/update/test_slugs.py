"""Slugs come to rows that are there, and go with the word."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from tests.update.conftest import Live
from tests.update.lists import ITEM, Entry, grown
from tests.update.living import ADA, BOB, THERE_AND_BACK, WRITE, Row, item, user

TITLED: Entry = {**ITEM, "soft_delete": True, "fields": {"title": "str(120)"}}
SLUGGED = grown(TITLED, slug="slug(title)")
TITLES = {
    "Größe & Co.": "grosse-co",
    "grosse co": "grosse-co-2",
    "Лампа": "item",
    "New": "item-new",
    "???": "item-2",
    "x" * 120: "x" * 70,
    "grosse co 2": "grosse-co-2-2",
    "GROSSE-CO!": "grosse-co-3",
}
"""What is made of one after the other."""


def titled(number: int, title: str, owner: UUID, tombstone: int = 0) -> Row:
    table, values = item(title, owner, id=UUID(int=number), tombstone=UUID(int=tombstone))
    others = {name: one for name, one in values.items() if name[:4] not in ("name", "pric")}
    return table, others | {"title": title}


def test_rows_get_slugs_of_their_own(live: Live) -> None:
    living = live("jwt")
    living.change(resources=[TITLED])
    living.alembic(WRITE, "confirm", "upgrade head")
    rows = [titled(number, title, ADA) for number, title in enumerate(TITLES, 10)]
    first = next(iter(TITLES))
    living.add(user(ADA), user(BOB), titled(1, first, ADA, 1), *rows, titled(99, first, BOB))
    living.change(resources=[SLUGGED])
    living.alembic(WRITE)
    migration = living.newest()
    text = migration.read_text()
    assert text.count("limit(10000)") == 2
    migration.write_text(text.replace("limit(10000)", "limit(2)"))
    living.alembic(*THERE_AND_BACK)
    found = living.look("SELECT slug FROM items ORDER BY id")
    assert found == ["grosse-co", *TITLES.values(), "grosse-co"]
    living.change(resources=[TITLED])
    living.alembic(WRITE, "confirm", "upgrade head", "check")
    assert living.look("SELECT count(*) FROM items") == [str(len(TITLES) + 2)]


def test_rows_are_found_by_a_slug_and_then_by_their_ids_again(live: Live) -> None:
    living = live("none")
    living.change(resources=[SLUGGED])
    living.alembic(WRITE, "confirm", "upgrade head")
    _, values = titled(1, "Lamp", ADA)
    del values["owner_id"]
    former = {"row_id": values["id"], "address": "chair", "left_at": datetime.now(UTC)}
    living.add(("items", {**values, "slug": "lamp"}))
    living.change(resources=[{**SLUGGED, "address": "slug"}])
    living.alembic(WRITE, *THERE_AND_BACK)
    living.add(("items_former_addresses", former))
    living.change(resources=[SLUGGED])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "All rows of items_former_addresses would be lost" in refused.stderr
    living.alembic("confirm", *THERE_AND_BACK)
    assert living.look("SELECT slug FROM items") == ["lamp"]


def test_rows_are_found_by_a_code_and_then_by_their_ids_again(live: Live) -> None:
    living = live("none")
    plain: Entry = {**ITEM, "fields": {"name": "str(40) unique"}}
    living.change(resources=[plain])
    living.alembic(WRITE, "confirm", "upgrade head")
    table, values = item("LAMP-1", id=UUID(int=1))
    living.add((table, {name: one for name, one in values.items() if name != "price"}))
    living.change(resources=[{**plain, "address": "name"}])
    living.alembic(WRITE, *THERE_AND_BACK)
    former = {"row_id": UUID(int=1), "address": "LAMP", "left_at": datetime.now(UTC)}
    living.add(("items_former_addresses", former))
    fixed = grown(plain, name="str(40) unique create_only", note="text optional")
    living.change(resources=[{**fixed, "address": "name"}])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "All rows of items_former_addresses would be lost" in refused.stderr
    living.alembic("confirm", *THERE_AND_BACK)
    assert living.look("SELECT name FROM items") == ["LAMP-1"]


def test_what_was_a_text_becomes_a_slug(live: Live) -> None:
    living = live("none")
    living.change(resources=[grown(ITEM, slug="str(80) optional")])
    living.alembic(WRITE, "upgrade head")
    living.add(item("Lamp", slug="a-lamp"), item("Chair"))
    living.change(resources=[grown(ITEM, slug="slug(name)")])
    living.alembic(WRITE, *THERE_AND_BACK)
    assert living.look("SELECT slug FROM items ORDER BY slug") == ["a-lamp", "chair"]
