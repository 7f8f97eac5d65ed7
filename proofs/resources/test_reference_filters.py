"""Lists that are filtered by fields of what their rows refer to."""

from typing import Any

import httpx2
import pytest

from app.core.resource import reference_filters
from app.core.resource.repository import Repository
from proofs.resources.answer import Field, Resource, resource, resources
from proofs.resources.rows import Maker, refusal
from proofs.resources.test_lists import asked
from proofs.resources.test_references import nested
from proofs.resources.values import NONSENSE, value

PAIRS = [
    pytest.param(one, field, resource(field.to).field(name), id=f"{one.name}-{name}")
    for one in resources()
    for field in one.references
    for name in field.through
]
FIRST = {
    (one.values[0].name, one.values[1].name): one for one in reversed(PAIRS)
}.values()
each_pair = pytest.mark.parametrize(("one", "field", "target"), PAIRS)
each_reference = pytest.mark.parametrize(("one", "field", "target"), FIRST)
"""One field of each reference: for what the types of fields have no part in."""
LISTED = ("email", "enum", "int", "str", "uuid")
"""Types whose values can be one of several."""

Rows = list[dict[str, Any]]


async def three(maker: Maker, one: Resource, field: Field, target: Field) -> Rows:
    """Create rows that refer to two others, and one that refers to a third."""
    rows = []
    for n in (0, 0, 1):
        given = {target.attribute: value(target, n)}
        if rows and n == 0:
            parent = rows[0][field.attribute]
        else:
            parent = (await maker.create(resource(field.to), **given))["id"]
        rows.append(await maker.create(one, **{field.attribute: parent}))
    return rows


def query_of(field: Field, target: Field, n: int, way: str = "") -> str:
    """Return a query for the n-th value."""
    return f"{field.name}__{target.attribute}{way}={asked(value(target, n))}"


@each_pair
async def test_rows_are_found_by_what_they_refer_to(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field, target: Field
) -> None:
    rows = await three(maker, one, field, target)
    ids = [row["id"] for row in reversed(rows)]
    first, second = (query_of(field, target, n) for n in (0, 1))
    assert await maker.found(one.url, first) == ids[1:]
    assert await maker.found(one.url, second) == ids[:1]
    assert await maker.found(one.url, f"{first}&sort=created_at") == ids[:0:-1]
    page = (await client.get(f"{one.url}?{first}&limit=1")).json()
    assert (page["total"], page["has_more"]) == (2, True)
    within = f"{first}&{field.attribute}__in={rows[0][field.attribute]}"
    assert await maker.found(one.url, within) == ids[1:]
    assert await maker.found(one.url, within.replace(first, second)) == []
    url = nested(one, field, rows[0][field.attribute])
    assert await maker.found(url, first) == ids[1:]
    assert await maker.found(url, second) == []
    if target.type in LISTED:
        some = [query_of(field, target, n, "__in") for n in (0, 1)]
        assert await maker.found(one.url, "&".join(some)) == ids
        assert await maker.found(one.url, some[1]) == ids[:1]
    else:
        other = await client.get(f"{one.url}?{query_of(field, target, 0, '__in')}")
        assert other.status_code == 422


@each_pair
async def test_a_cursor_belongs_to_its_filter(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field, target: Field
) -> None:
    rows = await three(maker, one, field, target)
    first, second = (query_of(field, target, n) for n in (0, 1))
    page = (await client.get(f"{one.url}?{first}&limit=1")).json()
    cursor = f"limit=1&cursor={page['next_cursor']}"
    assert await maker.found(one.url, f"{first}&{cursor}") == [rows[0]["id"]]
    absent = resource(field.to).absent()
    for query in (second, f"{first}&{field.attribute}__in={absent}", ""):
        other = await client.get(f"{one.url}?{query}&{cursor}")
        assert refusal(other) == (422, ["cursor"])


@each_pair
async def test_what_a_filter_does_not_take_is_refused(
    client: httpx2.AsyncClient, one: Resource, field: Field, target: Field
) -> None:
    name = f"{field.name}__{target.attribute}"
    for query, named in (
        (f"{field.name}__unheard_of=1", f"{field.name}__unheard_of"),
        (f"{field.name}__owner_id=1", f"{field.name}__owner_id"),
        (f"{name}__gte=1", f"{name}__gte"),
        (f"{name}__isnull=true", f"{name}__isnull"),
        (f"sort={name}", "sort"),
        (f"{name}=a%00b", name),
    ):
        assert refusal(await client.get(f"{one.url}?{query}")) == (422, [named])
    if target.type in NONSENSE:
        wrong = await client.get(f"{one.url}?{name}={NONSENSE[target.type]}")
        assert refusal(wrong) == (422, [name])


@each_pair
async def test_no_more_rows_are_looked_at_than_lists_may(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    field: Field,
    target: Field,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = await three(maker, one, field, target)
    found = [rows[1]["id"], rows[0]["id"]]
    query, name = query_of(field, target, 0), f"{field.name}__{target.attribute}"
    monkeypatch.setattr(Repository, "max_scanned", 1)
    # What is unique together has an index that begins with one of them.
    if target.unique or target.index:
        assert await maker.found(one.url, query) == found
    elif not target.in_group:
        assert refusal(await client.get(f"{one.url}?{query}")) == (422, [name])
        monkeypatch.setattr(Repository, "max_scanned", 50)
        assert await maker.found(one.url, query) == found
        monkeypatch.setattr(Repository, "max_scanned", 1)
    # Many that are found by an index are as good as none.
    monkeypatch.setattr(reference_filters, "MANY", 0)
    assert refusal(await client.get(f"{one.url}?{query}")) == (422, [name])
    narrow = f"{query}&{field.attribute}={rows[0][field.attribute]}"
    assert await maker.found(one.url, narrow) == found
    monkeypatch.setattr(Repository, "max_scanned", None)
    assert await maker.found(one.url, query) == found


@each_reference
async def test_what_is_hidden_since_is_found_as_it_is_shown(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field, target: Field
) -> None:
    to = resource(field.to)
    rows = await three(maker, one, field, target)
    parent = rows[2][field.attribute]
    deleted = await client.delete(f"{to.url}/{parent}")
    assert deleted.status_code == (
        204 if to.soft_delete or field.on_delete != "restrict" else 409
    )
    found = await maker.found(one.url, query_of(field, target, 1))
    stays = to.soft_delete or deleted.status_code == 409
    assert found == ([rows[2]["id"]] if stays else [])


@each_reference
async def test_more_rows_take_no_more_statements(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    field: Field,
    target: Field,
    statements: list[str],
) -> None:
    await three(maker, one, field, target)
    counts = []
    for query in (query_of(field, target, n) for n in (1, 0)):
        statements.clear()
        page = await client.get(f"{one.url}?{query}&total=false")
        counts.append((len(page.json()["items"]), len(statements)))
    assert counts == [(1, counts[0][1]), (2, counts[0][1])]
