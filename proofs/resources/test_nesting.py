"""Rows that are created in one request with those that belong to them."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.resources.answer import Field, Resource, resource
from proofs.resources.rows import Maker, fields_of, refusal
from proofs.resources.test_references import nested

Row = dict[str, Any]
each_nested = fields_of(lambda field: field.nested)


async def bodies(maker: Maker, one: Resource, field: Field, number: int) -> list[Row]:
    """Return bodies of rows that belong to a new one."""
    found = [
        await maker.body(one, **{field.attribute: None}, full=True)
        for _ in range(number)
    ]
    for body in found:
        del body[field.attribute]
    return found


async def new(maker: Maker, one: Resource, field: Field, rows: list[Row]) -> Row:
    """Return a body that creates a row with others."""
    return await maker.body(resource(field.to), **{one.plural: rows})


async def count(session: AsyncSession, one: Resource) -> int:
    """Return how many rows there are."""
    return await session.scalar(select(func.count()).select_from(one.table)) or 0


@each_nested
@pytest.mark.parametrize("number", [0, 1, 3])
async def test_rows_are_created_with_those_that_belong_to_them(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field, number: int
) -> None:
    parent, rows = resource(field.to), await bodies(maker, one, field, number)
    created = await client.post(parent.url, json=await new(maker, one, field, rows))
    assert created.status_code == 201, created.text
    assert one.plural not in created.json()
    assert await maker.read(parent, created.json()) == created.json()
    url = f"{nested(one, field, created.json()['id'])}?sort=created_at"
    items = (await client.get(url)).json()["items"]
    assert [item | row for item, row in zip(items, rows, strict=True)] == items
    assert {item[field.attribute] for item in items} <= {created.json()["id"]}


@each_nested
async def test_what_is_refused_is_named_by_its_path(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    field: Field,
) -> None:
    parent, name = resource(field.to), one.plural
    rows = await bodies(maker, one, field, 2)
    before = [await count(session, each) for each in (parent, one)]
    refused: list[tuple[Any, int, str]] = [
        ([rows[0], rows[1] | {field.attribute: str(uuid4())}], 422, field.attribute),
        ([rows[0], rows[1] | {"unheard_of": 1}], 422, "unheard_of"),
        ([rows[0], rows[1] | {"owner_id": str(uuid4())}], 422, "owner_id"),
    ]
    refused += [
        (
            [rows[0], rows[1] | {other.attribute: resource(other.to).absent()}],
            409,
            other.attribute,
        )
        for other in one.references
        if other is not field
    ]
    refused += [
        ([rows[0], rows[1] | {each.attribute: rows[0][each.attribute]}], 409, each.name)
        for each in one.fields
        if each.unique
    ]
    for sent, status, blamed in refused:
        body = await new(maker, one, field, sent)
        response = await client.post(parent.url, json=body)
        assert refusal(response) == (status, [f"{name}.1.{blamed}"]), response.text
    for wrong in (rows[0], None, "x", [None], [[]], [rows[0]] * 101):
        body = await new(maker, one, field, [])
        response = await client.post(parent.url, json=body | {name: wrong})
        status, fields = refusal(response)
        assert (status, fields[0].partition(".")[0]) == (422, name)
    assert [await count(session, each) for each in (parent, one)] == before


@fields_of(lambda field: field.nested)
async def test_rows_that_are_the_same_are_refused_together(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    field: Field,
) -> None:
    parent, rows = resource(field.to), await bodies(maker, one, field, 2)
    for group in one.unique:
        same = {each.attribute: rows[0].get(each.attribute) for each in group}
        same.pop(field.attribute, None)
        body = await new(maker, one, field, [rows[0], rows[1] | same])
        before = [await count(session, each) for each in (parent, one)]
        response = await client.post(parent.url, json=body)
        named = [f"{one.plural}.1.{name}" for name in same]
        assert refusal(response) == (409, named), response.text
        assert [await count(session, each) for each in (parent, one)] == before


@each_nested
async def test_a_repeated_request_creates_nothing_more(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    field: Field,
) -> None:
    parent, rows = resource(field.to), await bodies(maker, one, field, 2)
    body, headers = await new(maker, one, field, rows), {"Idempotency-Key": "once"}
    wrong = body | {one.plural: [rows[0] | {"unheard_of": 1}]}
    assert (await client.post(parent.url, json=wrong, headers=headers)).is_error
    first = await client.post(parent.url, json=body, headers=headers)
    assert first.status_code == 201, first.text
    numbers = [await count(session, each) for each in (parent, one)]
    again = await client.post(parent.url, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = body | {one.plural: rows[:1]}
    reused = await client.post(parent.url, json=other, headers=headers)
    assert reused.json()["error_code"] == "idempotency_key_reused"
    assert [await count(session, each) for each in (parent, one)] == numbers


@each_nested
async def test_changes_of_a_row_do_not_touch_what_belongs_to_it(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent, rows = resource(field.to), await bodies(maker, one, field, 1)
    body = await new(maker, one, field, rows)
    created = (await client.post(parent.url, json=body)).json()
    url = f"{parent.url}/{created['id']}"
    for method in ("PUT", "PATCH"):
        response = await client.request(method, url, json=body)
        assert refusal(response) == (422, [one.plural])
    del body[one.plural]
    assert (await client.put(url, json=body)).status_code == 200
    assert len(await maker.found(nested(one, field, created["id"]))) == 1
