"""What is refused, and documented, before a database is asked: equal on every one.

A test holds the code that does it equal in all projects with these resources, so that these proofs
run in one of them.
"""

from typing import Any

import httpx2
import pytest

from proofs.resources.answer import PARAMETERS, Field, Resource
from proofs.resources.rows import (
    Maker,
    each_field,
    each_resource,
    fields_of,
    refusal,
)
from proofs.resources.values import NONSENSE, refused

required = fields_of(lambda field: field.is_required)
never_null = fields_of(lambda field: not field.optional)


@each_field
async def test_a_value_that_does_not_fit_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    body = await maker.body(one)
    for sent in refused(field):
        if field.optional and field.type in ("text",) and sent in ("", "   "):
            continue
        values: dict[str, Any] = {field.attribute: sent}
        for response in (
            await client.post(one.url, json=body | values),
            await client.put(f"{one.url}/{row['id']}", json=body | values),
            await client.patch(f"{one.url}/{row['id']}", json=values),
        ):
            assert refusal(response) == (422, [field.attribute]), sent
    assert await maker.read(one, row) == row
    assert await maker.found(one.url) == [row["id"]]


@required
async def test_a_required_field_cannot_be_left_out(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    body = await maker.body(one)
    del body[field.attribute]
    for response in (
        await client.post(one.url, json=body),
        await client.put(f"{one.url}/{row['id']}", json=body),
    ):
        assert refusal(response) == (422, [field.attribute])


@never_null
async def test_null_is_no_value(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    body = await maker.body(one) | {field.attribute: None}
    for response in (
        await client.post(one.url, json=body),
        await client.put(f"{one.url}/{row['id']}", json=body),
        await client.patch(f"{one.url}/{row['id']}", json={field.attribute: None}),
    ):
        assert refusal(response) == (422, [field.attribute])


@each_resource
@pytest.mark.parametrize(
    "name", ["id", "created_at", "updated_at", "row_version", "owner_id", "unheard_of"]
)
async def test_what_a_client_cannot_set_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str
) -> None:
    row = await maker.create(one)
    body = await maker.body(one) | {name: "1"}
    for response in (
        await client.post(one.url, json=body),
        await client.put(f"{one.url}/{row['id']}", json=body),
        await client.patch(f"{one.url}/{row['id']}", json={name: "1"}),
    ):
        assert refusal(response) == (422, [name])


@each_resource
async def test_the_document_says_how_lists_can_be_narrowed_and_sorted(
    client: httpx2.AsyncClient, one: Resource
) -> None:
    document = (await client.get("/openapi.json")).json()
    given = document["paths"][one.url]["get"]["parameters"]
    names = {parameter["name"] for parameter in given} - set(PARAMETERS)
    ways = ("", "gt", "gte", "lt", "lte", "in", "contains", "ne", "isnull")
    pattern = next(one for one in given if one["name"] == "sort")["schema"]["pattern"]
    keys = pattern.split("(", 1)[1].split(")", 1)[0].split("|")
    for field in one.fields:
        called = {way: field.attribute + (f"__{way}" if way else "") for way in ways}
        found = {way for way in ways if called[way] in names}
        assert found == set(field.filters), field.name
        assert (field.name in keys) == field.is_sortable, field.name


@each_resource
async def test_what_a_list_does_not_know_is_refused(
    client: httpx2.AsyncClient, one: Resource
) -> None:
    queries = [
        ("unheard_of=1", "unheard_of"),
        ("sort=unheard_of", "sort"),
        ("sort=owner_id", "sort"),
        ("sort=row_version", "sort"),
        ("sort=id", "sort"),
        ("owner_id=1", "owner_id"),
        ("cursor=unheard_of", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("skip=-1", "skip"),
    ]
    for field in one.fields:
        if not field.is_sortable:
            queries.append((f"sort={field.name}", "sort"))
        if not field.filters:
            queries.append((f"{field.attribute}=a", field.attribute))
        for way in field.filters:
            name = f"{field.attribute}__{way}" if way else field.attribute
            if way == "isnull":
                queries.append((f"{name}=perhaps", name))
            elif nonsense := NONSENSE.get(field.of or field.type):
                queries.append((f"{name}={nonsense}", name))
    for query, name in queries:
        response = await client.get(f"{one.url}?{query}")
        status, named = refusal(response)
        assert (status, [one.split(".")[0] for one in named]) == (422, [name]), query
