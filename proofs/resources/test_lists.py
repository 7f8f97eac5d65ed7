"""Sort keys and filters of every type, pages, cursors, and the number of statements."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from app.core.resource.repository import Repository
from proofs.resources.answer import Field, Resource
from proofs.resources.rows import Maker, each_resource
from proofs.resources.values import value

ORDERS = ([1, 0, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1])
Rows = list[dict[str, Any]]

KEPT: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "gte": lambda one, other: one >= other,
    "lte": lambda one, other: one <= other,
    "lt": lambda one, other: one < other,
}


def rank(field: Field, shown: Any) -> Any:
    """Return a value as it is compared: a decimal is shown as a text."""
    return float(shown) if field.type == "decimal" else shown


def asked(shown: Any) -> str:
    """Return a value in a query."""
    return quote(str(shown).lower() if isinstance(shown, bool) else str(shown))


async def three(maker: Maker, one: Resource) -> Rows:
    """Create three rows; each field has an order of its own."""
    rows = []
    for position in range(3):
        values = {
            field.attribute: value(field, ORDERS[index % 4][position])
            for index, field in enumerate(one.fields)
            if not field.to
        }
        rows.append(await maker.create(one, **values))
    return rows


@each_resource
async def test_a_list_is_sorted(maker: Maker, one: Resource) -> None:
    rows = await three(maker, one)
    for field in one.fields:
        if not field.is_sortable:
            continue
        values = [rank(field, row[field.attribute]) for row in rows]
        assert len(set(values)) == 3, field.name
        up = sorted(rows, key=lambda row: rank(field, row[field.attribute]))
        ids = [row["id"] for row in up]
        for sort, expected in (
            (field.name, ids),
            (f"-{field.name}", ids[::-1]),
            (f"{field.name},created_at", ids),
        ):
            assert await maker.found(one.url, f"sort={sort}") == expected, sort


@each_resource
async def test_a_list_is_sorted_by_its_moments(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    rows = await three(maker, one)
    ids = [row["id"] for row in rows]
    await client.put(f"{one.url}/{ids[0]}", json=await maker.body(one))
    assert await maker.found(one.url) == ids[::-1]
    assert await maker.found(one.url, "sort=-created_at") == ids[::-1]
    assert await maker.found(one.url, "sort=created_at") == ids
    assert await maker.found(one.url, "sort=updated_at") == [ids[1], ids[2], ids[0]]
    moment = rows[1]["created_at"]
    after = f"created_at__gte={moment}&sort=created_at"
    assert await maker.found(one.url, after) == ids[1:]
    assert await maker.found(one.url, f"created_at__lt={moment}") == ids[:1]
    changed = f"updated_at__gte={rows[2]['updated_at']}&sort=created_at"
    assert await maker.found(one.url, changed) == [ids[0], ids[2]]


def queries(field: Field, rows: Rows) -> Iterator[tuple[str, list[str]]]:
    """Write queries of a filter, and which rows each should find, the newest first."""
    values = [row[field.attribute] for row in rows]
    for way in field.filters:
        if way == "isnull":
            continue
        name = f"{field.attribute}__{way}" if way else field.attribute
        for one in values:
            if way == "in":
                wanted = [one, values[0]]
                query = "&".join(f"{name}={asked(each)}" for each in wanted)
                keep = [each in wanted for each in values]
            elif field.of:
                query = f"{name}={asked(one[0])}"
                keep = [one[0] in each for each in values]
            elif way == "contains":
                part = one[-2:]
                query = f"{name}={asked(part.upper())}"
                keep = [part in each for each in values]
            else:
                query = f"{name}={asked(one)}"
                ranks = [rank(field, each) for each in values]
                keep = [KEPT[way](each, rank(field, one)) for each in ranks]
            found = [row["id"] for row, kept in zip(rows, keep, strict=True) if kept]
            yield query, found[::-1]


@each_resource
async def test_a_list_is_filtered(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    rows = await three(maker, one)
    for field in one.fields:
        for query, expected in [] if field.to else queries(field, rows):
            assert await maker.found(one.url, query) == expected, query
            page = (await client.get(f"{one.url}?{query}&limit=1")).json()
            assert page["total"] == len(expected), query


@each_resource
async def test_rows_without_a_value_are_found_or_left_out(
    maker: Maker, one: Resource
) -> None:
    optional = [field for field in one.fields if field.optional]
    own = {
        field.attribute: await maker.parent(field) if field.to else value(field, 1)
        for field in optional
    }
    full = (await maker.create(one, **own))["id"]
    bare = [(await maker.create(one, **dict.fromkeys(own)))["id"] for _ in "ab"][::-1]

    async def found(query: str) -> list[str]:
        ids = await maker.found(one.url, query)
        return [one for one in ids if one in (full, *bare)]

    for field in optional:
        name = f"{field.attribute}__isnull"
        assert await found(f"{name}=false") == [full], name
        assert await found(f"{name}=true") == bare, name
        if "ne" in field.filters:
            query = f"{field.attribute}__ne={own[field.attribute]}"
            assert await found(query) == bare, query


@each_resource
async def test_pages_meet_each_row_once(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    ids = [row["id"] for row in await three(maker, one)][::-1]
    pages = [await maker.found(one.url, f"limit=1&skip={skip}") for skip in range(4)]
    assert pages == [ids[:1], ids[1:2], ids[2:], []]
    page = (await client.get(f"{one.url}?limit=2")).json()
    assert (page["total"], page["has_more"], len(page["items"])) == (3, True, 2)
    page = (await client.get(f"{one.url}?limit=1&total=false")).json()
    assert (page["total"], page["has_more"]) == (None, True)


@each_resource
async def test_cursors_meet_each_row_once(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    rows = await three(maker, one)
    rows += [await maker.create(one) for _ in range(2)]
    sortable = [one.name for one in one.fields if one.is_sortable]
    for key in ["created_at", "-created_at", *sortable, *(f"-{k}" for k in sortable)]:
        whole, found = await maker.found(one.url, f"sort={key}"), []
        query: str | None = f"sort={key}&limit=1"
        while query:
            page = (await client.get(f"{one.url}?{query}")).json()
            found += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
            query = cursor and f"sort={key}&limit=1&cursor={cursor}"
        assert found == whole
        assert len(found) == len(rows)


@each_resource
async def test_more_rows_take_no_more_statements(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, statements: list[str]
) -> None:
    for _ in range(3):
        own = {field.attribute: await maker.parent(field) for field in one.references}
        await maker.create(one, full=True, **own)
    counts = []
    for limit in (1, 100):
        statements.clear()
        response = await client.get(f"{one.url}?total=false&limit={limit}")
        assert len(response.json()["items"]) >= min(limit, 3)
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


@each_resource
async def test_a_long_list_is_sorted_by_what_has_an_index(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is unique together has an index that begins with one of them.
    keys = {
        field.name: field.unique or field.index
        for field in one.fields
        if field.is_sortable and not field.in_group
    }
    await three(maker, one)
    monkeypatch.setattr(Repository, "max_scanned", 1)
    for key, is_indexed in (keys | {"created_at": True, "updated_at": False}).items():
        response = await client.get(f"{one.url}?sort={key}")
        assert (key, response.status_code) == (key, 200 if is_indexed else 422)
