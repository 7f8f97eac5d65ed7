"""Lists of plain values: each value by itself, what finds them, and what a list is without any."""

import httpx2
import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Repository
from app.db import dialect
from proofs.resources.answer import Field, Resource
from proofs.resources.rows import Maker, fields_of, refusal
from proofs.resources.values import at_bounds, item, refused, value

ODD_JSON = ["'{\"a\": 1}'", "'[]'"]
if dialect.DEFAULT_URL.startswith("sqlite"):
    ODD_JSON += ["'[none'", "X'ff'"]
ODD = ["é", "É", "a%", 'a"b', "a\\b", "a'b", "[1]", "null", "1", "😀", "a\u2028b"]
"""Texts that a database could take for others, or for code."""

each_list = fields_of(lambda field: field.of)
each_list_of_texts = fields_of(lambda field: field.of == "str")
each_list_of_numbers = fields_of(lambda field: field.of == "int")


@each_list
async def test_a_refusal_names_the_place_of_a_value(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    right = value(item(field), 1)
    for wrong in [*refused(item(field)), None]:
        body = await maker.body(one) | {field.attribute: [right, wrong]}
        response = await client.post(one.url, json=body)
        assert refusal(response) == (422, [f"{field.attribute}.1"]), wrong


@each_list
async def test_a_list_keeps_its_order_and_what_is_there_twice(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    values = [value(item(field), n) for n in (2, 1, 2)]
    row = await maker.create(one, **{field.attribute: values})
    assert row[field.attribute] == values
    url = f"{one.url}/{row['id']}"
    assert (await client.patch(url, json={})).json()[field.attribute] == values
    body = await maker.body(one)
    body.pop(field.attribute, None)
    replaced = await client.put(url, json=body)
    assert (replaced.status_code, replaced.json()[field.attribute]) == (200, [])


@each_list_of_texts
async def test_texts_are_found_as_they_are_and_not_by_a_part(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    rows = {
        each: (await maker.create(one, **{field.attribute: ["x", each]}))["id"]
        for each in [*ODD, "ab", "a"]
    }
    for each, id_ in rows.items():
        page = await client.get(one.url, params={field.attribute: each})
        assert [row["id"] for row in page.json()["items"]] == [id_], each
    for none in ("b", "%", "", "x,a", '"a"'):
        page = await client.get(one.url, params={field.attribute: none})
        assert page.json()["total"] == 0, none
    assert len(await maker.found(one.url, f"{field.attribute}=x")) == len(rows)


@each_list_of_numbers
async def test_numbers_are_found_whole(
    maker: Maker, one: Resource, field: Field
) -> None:
    (low, high), _ = zip(*at_bounds(item(field)), strict=True)
    ids = [
        (await maker.create(one, **{field.attribute: values}))["id"]
        for values in ([1, 23], [12, high], [low])
    ]
    found = {1: ids[:1], 2: [], 12: ids[1:2], high: ids[1:2], low: ids[2:]}
    for number, expected in found.items():
        query = f"{field.attribute}={number}"
        assert await maker.found(one.url, query) == expected, number


@each_list
async def test_a_long_list_of_rows_is_not_searched(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    field: Field,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [await maker.create(one, **{field.attribute: value(field, 1)}) for _ in "ab"]
    monkeypatch.setattr(Repository, "max_scanned", 1)
    params = {field.attribute: rows[0][field.attribute][0]}
    assert refusal(await client.get(one.url, params=params)) == (422, ["sort"])


@each_list
async def test_what_is_no_list_is_found_by_nothing(
    maker: Maker, session: AsyncSession, one: Resource, field: Field
) -> None:
    ids = []
    for odd in ODD_JSON:
        row = await maker.create(one, **{field.attribute: value(field, 1)})
        spoilt = update(one.table).where(one.table.c.id == one.key(row))
        await session.execute(spoilt.values({field.attribute: text(odd)}))
        ids.append(row["id"])
    await session.commit()
    row = await maker.create(one, **{field.attribute: value(field, 1)})
    query = f"{field.attribute}={row[field.attribute][0]}"
    assert await maker.found(one.url, query) == [row["id"]]
