"""Resources come, change and go while their tables hold rows."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from tests.questions.clone import commit_all
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.conftest import Live
from tests.update.lists import DEFAULT, INVOICE, ITEM, LISTS, Entry, grown
from tests.update.living import ADA, BOB, CHANGE, THERE_AND_BACK, WRITE, Living, Row, item, user
from tests.update.updating import replace

ONE_IS_ENOUGH = pytest.mark.parametrize("live", ["sqlite"], indirect=True)
"""For what the databases cannot do differently."""

FIELDS = {
    "label": "str(20)",
    "hint": "text",
    "email": "email",
    "page": "url",
    "stock": "int min=1",
    "rating": "float min=1",
    "weight": "decimal(8,3) min=1",
    "is_new": "bool",
    "made_on": "date",
    "seen_at": "datetime",
    "batch": "uuid",
    "state": "enum(new, used)",
    "details": "json",
    "level": "int = 3",
    "code": "str(20) index",
    "stage": "enum(made, sold) read_only = made",
    "serial": "int create_only",
    "pin": "str(8) write_only",
}
"""Required fields, of each type."""

LIST = """
import asyncio, httpx2
from app.config import load_settings
from app.main import create_app

async def main():
    app = create_app(load_settings())
    transport = httpx2.ASGITransport(app=app)
    async with app.router.lifespan_context(app):
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            print((await client.get("/api/v1/items")).text)

asyncio.run(main())
"""

PUT_BACK = """
import asyncio, httpx2
from app.config import load_settings
from app.main import create_app
from app.schemas.item import ItemReplace

async def main():
    app = create_app(load_settings())
    transport = httpx2.ASGITransport(app=app)
    async with app.router.lifespan_context(app):
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            (one,) = (await client.get("/api/v1/items")).json()["items"]
            path = f"/api/v1/items/{one['id']}"
            tag = (await client.get(path)).headers.get("ETag", "")
            body = {name: one[name] for name in ItemReplace.model_fields if name in one}
            done = await client.put(path, json=body, headers={"If-Match": tag})
            print(done.text if done.status_code != 200 else "", done.status_code, sep="\\n")

asyncio.run(main())
"""
"""A client sends back what it has been given."""

EXECUTE = """
import asyncio, sys
from sqlalchemy import text
from app.config import load_settings
from app.db import dialect

async def main(*statements):
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()

asyncio.run(main(*sys.argv[1:]))
"""

SEED = """
from tools.seed import seed
seed()
"""

COUNT = """
import asyncio, app.models
from sqlalchemy import func, select
from app.config import load_settings
from app.db import dialect
from app.db.base import Base
from app.core.resource.model import Resource

async def main():
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    models = [one.class_ for one in Base.registry.mappers]
    tables = sorted(one.__tablename__ for one in models if issubclass(one, Resource))
    async with engine.connect() as connection:
        for name in tables:
            rows = select(func.count()).select_from(Base.metadata.tables[name])
            print(name, await connection.scalar(rows))
    await engine.dispose()

asyncio.run(main())
"""
"""How many rows each resource has."""


def grow(living: Living, resources: list[Entry]) -> None:
    """Change the list, and migrate there and back."""
    living.change(resources=resources)
    living.alembic(*CHANGE)


def invoice(number: str, owner: UUID | None = None, **values: object) -> Row:
    row = {"number": number, "number_key": number.lower(), "amount": 2, "row_version": 1, **values}
    return "invoices", row | ({"owner_id": owner} if owner else {})


def test_rows_stay_while_resources_come_change_and_go(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), item("Chair", ADA), item("Lamp", ADA))
    grow(living, LISTS["invoices"])
    living.add(invoice("A-1", ADA))
    grow(living, LISTS["dated"])
    grow(living, LISTS["referring"])
    found = "SELECT number, due_on, item_id FROM invoices"
    assert living.look(found) == ["A-1 None None"]
    (lamp,) = living.look("SELECT id FROM items WHERE name = 'Lamp'")
    living.add(invoice("A-2", ADA, item_id=UUID(lamp)))
    grow(living, LISTS["invoices"])
    assert living.look("SELECT number FROM invoices ORDER BY number") == ["A-1", "A-2"]
    grow(living, DEFAULT)
    assert living.look("SELECT name FROM items ORDER BY name") == ["Chair", "Lamp"]


def test_rows_stay_while_others_come_to_read_them_and_do_not_any_more(live: Live) -> None:
    living = live("jwt", "invoices")
    living.add(user(ADA), user(BOB), item("Lamp", ADA), item("Lamp", BOB))
    living.add(invoice("A-1", ADA), invoice("A-2", BOB))
    found = "SELECT number FROM invoices ORDER BY number"
    (of_items, of_invoices) = LISTS["invoices"]
    for access in ({"read": "public"}, {"read": "users", "write": "owner"}, {}):
        grow(living, [of_items | access, of_invoices | access])
        assert living.look(found) == ["A-1", "A-2"]
        assert living.look("SELECT count(*) FROM items") == ["2"]


def test_what_owners_share_cannot_become_unique_for_all(live: Live) -> None:
    living = live("jwt", "invoices")
    living.add(user(ADA), user(BOB), invoice("A-1", ADA), invoice("A-1", BOB, amount=3))
    fields = INVOICE["fields"] | {"number": "str(40) unique=global"}
    living.change(resources=[ITEM, INVOICE | {"fields": fields}])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Rows of invoices share the same number")
    changed = "SET number = 'A-2', number_key = 'a-2' WHERE amount = 3"
    living.run(EXECUTE, f"UPDATE invoices {changed}")
    living.alembic(*THERE_AND_BACK)
    grow(living, LISTS["invoices"])
    assert living.look("SELECT number FROM invoices ORDER BY number") == ["A-1", "A-2"]


def test_links_are_kept_until_their_owner_wants_them_gone(live: Live) -> None:
    living = live("none", "invoices")
    living.add(item("Lamp"), invoice("A-1"))
    grow(living, LISTS["linked"])
    (lamp,), (bill,) = living.look("SELECT id FROM items"), living.look("SELECT id FROM invoices")
    living.add(("invoice_items", {"invoice_id": UUID(bill), "item_id": UUID(lamp)}))
    living.change(resources=LISTS["invoices"])
    living.alembic(WRITE)
    done = living.try_alembic("upgrade head")
    assert done.returncode == 1
    assert "All rows of invoice_items would be lost: delete this check if" in done.stderr
    assert len(living.look("SELECT * FROM invoice_items")) == 1
    living.confirm()
    living.alembic(*THERE_AND_BACK)
    assert living.look("SELECT number FROM invoices") == ["A-1"]
    assert living.look("SELECT name FROM items") == ["Lamp"]


def test_new_fields_of_all_types_are_filled(live: Live) -> None:
    living = live("none")
    living.add(item("Chair"), item("Lamp"))
    grow(living, [grown(ITEM, **FIELDS)])
    found = "SELECT name, label, stock, state, level FROM items ORDER BY name"
    assert living.look(found) == ["Chair unknown 1 new 3", "Lamp unknown 1 new 3"]


@ONE_IS_ENOUGH
def test_the_api_takes_back_rows_whose_new_fields_were_filled(live: Live) -> None:
    living = live("none")
    living.add(item("Lamp"))
    grow(living, [grown(ITEM, **FIELDS)])
    assert '"total":1' in living.run(LIST)
    assert living.run(PUT_BACK).splitlines()[-1] == "200"
    assert living.look("SELECT code_key FROM items") == ["unknown"]


@ONE_IS_ENOUGH
def test_the_api_takes_back_rows_whose_optional_fields_became_required(live: Live) -> None:
    living = live("none")
    optional = {name: f"{kind.split(' = ')[0]} optional" for name, kind in FIELDS.items()}
    grow(living, [grown(ITEM, **optional)])
    living.add(item("Lamp"))
    grow(living, [grown(ITEM, **FIELDS)])
    assert living.run(PUT_BACK).splitlines()[-1] == "200"
    assert living.look("SELECT code_key FROM items") == ["unknown"]


def test_what_must_be_unique_is_not_filled_when_it_becomes_required(live: Live) -> None:
    living = live("none")
    grow(living, [grown(ITEM, code="str(20) unique optional", size="int unique optional")])
    living.add(item("Chair"), item("Lamp"))
    living.change(resources=[grown(ITEM, code="str(20) unique", size="int unique")])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head").stderr
    assert refused.startswith("Rows of items need a value for code: write below which")
    assert refused.count("\n") == 1
    text = living.newest().read_text()
    for name, value in (("code", 'sa.column("name")'), ("size", 'sa.text("length(name)")')):
        assert f"values({name}=None)" in text
        text = text.replace(f"values({name}=None)", f"values({name}={value})")
    living.newest().write_text(text)
    living.confirm()
    living.alembic(*THERE_AND_BACK)
    found = "SELECT code, code_key, size FROM items ORDER BY name"
    assert living.look(found) == ["Chair chair 5", "Lamp lamp 4"]


def test_texts_that_become_unique_get_their_keys_unless_rows_share_one(live: Live) -> None:
    living = live("none")
    grow(living, [grown(ITEM, code="str(20)", sign="str(20) optional")])
    living.add(item("Chair", code="A"), item("Desk", code="a"), item("Lamp", code="B"))
    living.change(resources=[grown(ITEM, code="str(20) unique", sign="str unique optional")])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head").stderr
    assert refused.startswith("Rows of items share the same code, in whatever case: make them ")
    assert refused.endswith(" 1 of them, as 'a'.\n")
    living.run(EXECUTE, "UPDATE items SET code = 'C' WHERE name = 'Desk'")
    living.alembic(*THERE_AND_BACK)
    assert living.look("SELECT code_key FROM items ORDER BY name") == ["a", "c", "b"]


def test_a_reference_to_another_resource_asks_where_rows_go(live: Live) -> None:
    living = live("none")
    part = {"name": "part", "fields": {"name": "str", "item": "ref(item) optional"}}
    grow(living, [ITEM, part])
    living.add(item("Lamp"))
    (lamp,) = living.look("SELECT id FROM items")
    living.add(("parts", {"name": "Foot", "item_id": UUID(lamp), "row_version": 1}))
    shop = {"name": "shop", "fields": {"name": "str"}}
    part = {"name": "part", "fields": {"name": "str", "item": "ref(shop) optional"}}
    living.change(resources=[ITEM, shop, part])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head").stderr
    assert refused == (
        "Rows of parts refer by item_id to what is no row of shops: change that first.\n"
    )
    living.run(EXECUTE, "UPDATE parts SET item_id = NULL")
    living.alembic(*THERE_AND_BACK)


def test_a_new_field_that_must_be_unique_must_be_chosen(live: Live) -> None:
    living = live("jwt")
    living.add(user(ADA), item("Chair", ADA), item("Lamp", ADA))
    living.change(resources=[grown(ITEM, code="str(20) unique")])
    living.alembic(WRITE)
    refused = living.try_alembic("upgrade head")
    assert "\nRows of items need a value for code: " in f"\n{refused.stderr}"
    assert living.look("SELECT * FROM alembic_version") == ["0001"]


@pytest.mark.parametrize(
    ("live", "ways"),
    [("sqlite", "none jwt none"), ("postgresql", "none session"), ("mysql", "jwt none jwt")],
    indirect=["live"],
)
def test_rows_of_all_resources_stay_whatever_the_accounts_become(live: Live, ways: str) -> None:
    start, *others = ways.split()
    living = live(start, "related")
    living.run(SEED)
    before = living.run(COUNT)
    assert len(before.splitlines()) == len(LISTS["related"])
    assert " 0\n" not in before
    for auth in others:
        living.change(auth=auth)
        living.alembic(*CHANGE)
    assert living.run(COUNT) == before


@ONE_IS_ENOUGH
def test_the_verb_does_all_but_migrate(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = live("none")
    monkeypatch.setenv("DATABASE_URL", living.url)
    living.add(item("Lamp"))
    replace(living.root / "app/crud/item.py", '"""Queries for items."""', '"""My queries."""')
    commit_all(living.root)
    words = ("resource", "add", "invoice", "number: str(40) unique", "item: ref(item)")
    done = run_verb(living.root, stand_in(tmp_path, RUNS), *words)
    assert done.returncode == 0, done.stderr
    assert "Migration: migrations/versions/" in done.stdout
    assert living.look("SELECT * FROM alembic_version") == ["0001"]
    living.alembic(*THERE_AND_BACK)
    assert "My queries" in (living.root / "app/crud/item.py").read_text()
    tests = living.run("import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))", "tests/api", "-q")
    assert " passed" in tests
