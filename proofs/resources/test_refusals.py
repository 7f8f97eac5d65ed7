"""What is refused, and documented, before a database is asked: equal on every one.

A test holds the code that does it equal in all projects with these resources, so that these proofs
run in one of them.
"""

from collections.abc import Iterator
from typing import Any

import httpx2

from proofs.resources.answer import PARAMETERS, Field, Resource
from proofs.resources.rows import Maker, each_resource, refusal
from proofs.resources.values import NONSENSE, refused

NOT_SET = ("id", "created_at", "updated_at", "row_version", "owner_id", "unheard_of")
"""What no client can set."""


def misfits(field: Field) -> Iterator[Any]:
    """Return values that a field refuses; a text that may be empty takes blank ones."""
    for sent in refused(field):
        if not (field.optional and field.type == "text" and sent in ("", "   ")):
            yield sent
    if not field.optional:
        yield None


@each_resource
async def test_a_value_that_does_not_fit_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, body = await maker.create(one), await maker.body(one)
    url = f"{one.url}/{row['id']}"
    wrong = [(field.attribute, sent) for field in one.fields for sent in misfits(field)]
    for name, sent in [*wrong, *((name, "1") for name in NOT_SET)]:
        for response in (
            await client.post(one.url, json=body | {name: sent}),
            await client.put(url, json=body | {name: sent}),
            await client.patch(url, json={name: sent}),
        ):
            assert refusal(response) == (422, [name]), (name, sent)
    assert await maker.read(one, row) == row
    assert await maker.found(one.url) == [row["id"]]


@each_resource
async def test_a_required_field_cannot_be_left_out(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, whole = await maker.create(one), await maker.body(one)
    for name in (field.attribute for field in one.fields if field.is_required):
        body = {key: sent for key, sent in whole.items() if key != name}
        for response in (
            await client.post(one.url, json=body),
            await client.put(f"{one.url}/{row['id']}", json=body),
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
