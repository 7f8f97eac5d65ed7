"""Rows whose ids the database counts, by the bounds of the type and after deletions."""

import json
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.resources.answer import Resource, resource, resources
from proofs.resources.rows import Maker, refusal

COUNTED = [one for one in resources() if one.has_integer_ids]
REFERRING = [
    (one, field.attribute)
    for one in resources()
    for field in one.references
    if resource(field.to).has_integer_ids
]
LARGEST = 2**63 - 1
NO_ID = (0, -1, LARGEST + 1, 10**40)
SCHEMA = {
    "type": "integer",
    "format": "int64",
    "minimum": 1,
    "exclusiveMaximum": LARGEST + 1,
}

each_counted = pytest.mark.parametrize("one", COUNTED, ids=lambda one: one.name)
each_reference = pytest.mark.parametrize(
    ("one", "field"), [pytest.param(*pair, id=pair[1]) for pair in REFERRING]
)


@each_counted
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_a_path_has_an_id_or_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, method: str
) -> None:
    body = await maker.body(one) if method in ("PUT", "PATCH") else None
    largest = await client.request(method, f"{one.url}/{LARGEST}", json=body)
    assert largest.status_code == 404
    for text in (*NO_ID, "1.5", "1e3", "0x1", "one", "%00", "9" * 5000):
        response = await client.request(method, f"{one.url}/{text}", json=body)
        assert refusal(response) == (422, [f"{one.name}_id"]), text


@each_reference
async def test_a_body_has_an_id_or_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: str
) -> None:
    row = await maker.create(one)
    for value in (*NO_ID, "1", True, 1.5, [1]):
        sent: dict[str, Any] = {field: value}
        for response in (
            await client.post(one.url, json=await maker.body(one, **sent)),
            await client.patch(f"{one.url}/{row['id']}", json=sent),
        ):
            assert refusal(response) == (422, [field]), value
    absent = await client.patch(f"{one.url}/{row['id']}", json={field: LARGEST})
    assert refusal(absent) == (409, [field])


@each_reference
async def test_a_filter_has_an_id_or_is_refused(
    client: httpx2.AsyncClient, one: Resource, field: str
) -> None:
    for name in (field, f"{field}__in", f"{field}__ne"):
        for value in NO_ID:
            response = await client.get(f"{one.url}?{name}={value}")
            assert refusal(response)[0] == 422, value
        assert (await client.get(f"{one.url}?{name}={LARGEST}")).status_code == 200


@each_counted
async def test_an_id_is_a_number_and_none_is_given_twice(
    maker: Maker, session: AsyncSession, one: Resource
) -> None:
    first, last = await maker.create(one), await maker.create(one)
    assert [type(row["id"]) for row in (first, last)] == [int, int]
    assert 1 <= first["id"] < last["id"]
    # Not over the API, where some rows are only marked.
    await session.execute(delete(one.table).where(one.table.c.id == last["id"]))
    await session.commit()
    assert (await maker.create(one))["id"] > last["id"]


@each_counted
async def test_unique_values_are_free_after_each_deletion(
    client: httpx2.AsyncClient, maker: Maker, session: AsyncSession, one: Resource
) -> None:
    for _ in range(3):
        row = await maker.create(one, **(await maker.body(one, n=7)))
        assert (await client.delete(f"{one.url}/{row['id']}")).status_code == 204
    left = (await session.scalars(select(one.table.c.id))).all()
    assert len(left) == (3 if one.soft_delete else 0)


@each_counted
async def test_the_document_says_what_an_id_is(
    client: httpx2.AsyncClient, one: Resource
) -> None:
    document = (await client.get("/openapi.json")).json()
    operations = document["paths"][f"{one.url}/{{{one.name}_id}}"]
    (path,) = [each for each in operations["get"]["parameters"] if each["in"] == "path"]
    assert path["schema"].items() >= SCHEMA.items()
    written = json.dumps(operations["get"]["responses"]["200"])
    name = written.partition("#/components/schemas/")[2].partition('"')[0]
    shown = document["components"]["schemas"][name]["properties"]["id"]
    assert shown.items() >= SCHEMA.items()
