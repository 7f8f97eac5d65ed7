"""Whose rows are whose: nobody's without credentials, nobody else's if they are owned."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.accounts.calls import ME
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser
from proofs.resources.answer import (
    Field,
    Link,
    Resource,
    everything,
    resource,
    resources,
)
from proofs.resources.rows import (
    Maker,
    each_reference,
    each_resource,
    fields_of,
    refusal,
)
from proofs.resources.test_links import backward, each_link, forward, others
from proofs.resources.test_nesting import bodies, new
from proofs.resources.test_references import nested
from proofs.resources.test_unique import Group, groups_of, shared

METHODS = ["GET", "PUT", "PATCH", "DELETE"]


def of_resources(*, owned: bool) -> pytest.MarkDecorator:
    """Return a mark for each resource that is owned, or for each that is not."""
    chosen = [one for one in resources() if one.owned == owned]
    return pytest.mark.parametrize("one", chosen, ids=lambda one: one.name)


@pytest.fixture
async def other(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client of another user, who may do everything that a superuser may."""
    user = await make_user(is_superuser=True)
    async with client_key(app, headers=await log_in(user)) as client:
        yield client


@each_resource
async def test_without_credentials_nothing_is_found_or_changed(
    anonymous: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, body = await maker.create(one), await maker.body(one)
    for method in METHODS:
        sent = body if method in ("PUT", "PATCH") else None
        url = f"{one.url}/{row['id']}"
        assert (await anonymous.request(method, url, json=sent)).status_code == 401
    assert (await anonymous.get(one.url)).status_code == 401
    assert (await anonymous.post(one.url, json=body)).status_code == 401
    assert await maker.read(one, row) == row
    assert await maker.found(one.url) == [row["id"]]


@of_resources(owned=True)
async def test_rows_of_others_do_not_exist(
    other: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, body = await maker.create(one), await maker.beside(other).body(one)
    for method in METHODS:
        sent = body if method in ("PUT", "PATCH") else None
        response = await other.request(method, f"{one.url}/{row['id']}", json=sent)
        assert response.status_code == 404, method
    page = (await other.get(one.url)).json()
    assert (page["items"], page["total"]) == ([], 0)
    assert (await other.get(f"{one.url}?limit=1&skip=1")).json()["total"] == 0
    assert await maker.read(one, row) == row


def owned_with(word: str, *needed: str) -> pytest.MarkDecorator:
    """Return a mark for each owned resource whose key `word` has what is needed."""
    able = [
        one for one in everything() if one.owned and {*needed} <= {*getattr(one, word)}
    ]
    return pytest.mark.parametrize("one", able, ids=lambda one: one.name)


@owned_with("bulk", "update")
async def test_rows_of_others_are_not_there_to_be_changed_together(
    other: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, own = await maker.create(one), await maker.beside(other).create(one)
    for version in ({}, {"etag": '"1"'}, {"etag": '"7"'}):
        rows = [{"id": each["id"], **version} for each in (row, own)]
        refused = await other.patch(f"{one.url}/bulk", json={"rows": rows})
        assert refusal(refused)[1][0] == "rows.0"
        assert refused.json()["results"][0]["status"] == 404
    url, body = f"{one.url}/bulk?atomic=false", {"rows": [{"id": row["id"]}]}
    response = await other.patch(url, json=body)
    assert [each["status"] for each in response.json()["results"]] == [404]
    assert row["id"] not in response.json()["results"][0]["problem"]["detail"]
    assert await maker.shown(one) == [row]
    assert await maker.beside(other).shown(one) == [own]


@owned_with("bulk", "delete")
async def test_rows_of_others_are_not_there_to_be_deleted_together(
    other: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, own = await maker.create(one), await maker.beside(other).create(one)
    rows = [{"id": each["id"]} for each in (row, own)]
    refused = await other.post(f"{one.url}/bulk-delete", json={"rows": rows})
    assert refusal(refused) == (422, ["rows.0"])
    url = f"{one.url}/bulk-delete?atomic=false"
    response = await other.post(url, json={"rows": rows})
    assert [each["status"] for each in response.json()["results"]] == [404, 204]
    assert await maker.shown(one) == [row]
    assert await maker.beside(other).shown(one) == []


@owned_with("csv", "export", "import")
async def test_rows_of_others_are_neither_exported_nor_imported(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, theirs = await maker.create(one), maker.beside(other)
    exported = (await client.get(f"{one.url}/export")).text
    assert str(row["id"]) in exported
    assert (await other.get(f"{one.url}/export")).text.count("\n") == 1
    owned = [each for each in one.references if resource(each.to).owned]
    headers = {"Content-Type": "text/csv"}
    sent = await other.post(f"{one.url}/import", content=exported, headers=headers)
    if owned:
        assert refusal(sent) == (422, [f"rows.0.{owned[0].attribute}"])
    else:
        assert [each["status"] for each in sent.json()["results"]] == [201]
    found = await theirs.shown(one)
    assert len(found) == int(not owned)
    assert row["id"] not in [each["id"] for each in found]
    assert await maker.shown(one) == [row]


@of_resources(owned=False)
async def test_rows_without_owner_are_shared(
    client: httpx2.AsyncClient, other: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    assert "owner_id" not in one.table.c
    row = await maker.create(one)
    assert await maker.beside(other).read(one, row) == row
    assert await maker.beside(other).found(one.url) == [row["id"]]
    assert (await other.delete(f"{one.url}/{row['id']}")).status_code == 204
    assert (await client.get(f"{one.url}/{row['id']}")).status_code == 404


@groups_of(once=True)
async def test_users_may_have_the_same_unique_value(
    other: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    group: Group,
) -> None:
    theirs = maker.beside(other)
    if any(field.to and resource(field.to).owned for field in group):
        return
    values = await shared(maker, group)
    await maker.create(one, **values)
    body = await theirs.body(one, **values)
    response = await other.post(one.url, json=body)
    assert response.status_code == (201 if one.owned else 409), response.text
    assert len(await maker.found(one.url)) == 1


@each_reference
async def test_rows_of_others_are_nothing_to_refer_to(
    other: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent, theirs = await maker.parent(field), maker.beside(other)
    row = await theirs.create(one)
    sent: dict[str, Any] = {field.attribute: parent}
    body = await theirs.body(one, **sent)
    answers = [
        await other.post(one.url, json=body),
        await other.put(f"{one.url}/{row['id']}", json=body),
        await other.patch(f"{one.url}/{row['id']}", json=sent),
        await other.get(nested(one, field, parent)),
    ]
    if resource(field.to).owned:
        for response in answers[:3]:
            assert refusal(response) == (409, [field.attribute])
        assert answers[3].status_code == 404
    else:
        codes = [response.status_code for response in answers]
        assert codes[0] == 201, answers[0].text
        assert codes[3] == 200


@each_link
async def test_rows_of_others_are_nothing_to_link_to(
    other: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    (id_,), theirs = await others(maker, link, 1), maker.beside(other)
    row = await theirs.create(one)
    url, sent = f"{one.url}/{row['id']}", {link.attribute: [id_]}
    answers = [
        await other.post(one.url, json=await theirs.body(one, **sent)),
        await other.put(url, json=await theirs.body(one, **sent)),
        await other.patch(url, json=sent),
        await other.put(f"{forward(one, link, row['id'])}/{id_}"),
        await other.put(f"{backward(one, link, id_)}/{row['id']}"),
        await other.get(backward(one, link, id_)),
    ]
    codes = [response.status_code for response in answers]
    if resource(link.to).owned:
        assert codes == [409, 409, 409, 404, 404, 404]
        assert await theirs.read(one, row) == row
    else:
        assert codes == [201, 200, 200, 200, 200, 200]


@each_link
async def test_links_of_others_are_neither_shown_nor_changed(
    other: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    (id_,), theirs = await others(maker, link, 1), maker.beside(other)
    row = await maker.create(one, **{link.attribute: [id_]})
    own, back = forward(one, link, row["id"]), backward(one, link, id_)
    if not one.owned:
        assert await theirs.found(own) == [id_]
        assert await theirs.found(back) == [row["id"]]
        return
    assert await theirs.found(one.url, f"{link.target}={id_}") == []
    if not resource(link.to).owned:
        assert await theirs.found(back) == []
    for url in (f"{own}/{id_}", f"{back}/{row['id']}"):
        for method in ("PUT", "DELETE"):
            assert (await other.request(method, url)).status_code == 404
    assert (await other.get(own)).status_code == 404
    assert await maker.read(one, row) == row


@fields_of(lambda field: field.through)
async def test_rows_of_others_are_found_by_no_filter(
    other: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    field: Field,
) -> None:
    target, theirs = resource(field.to).field(field.through[0]), maker.beside(other)
    row, parent = await theirs.create(one), await maker.create(resource(field.to))
    # What no request can write, so that the scope of the filter itself is proved.
    columns = {field.attribute: resource(field.to).key(parent)}
    own = one.table.c.id == one.key(row)
    await session.execute(update(one.table).where(own).values(columns))
    name = f"{field.name}__{target.attribute}"
    given = quote(str(parent[target.attribute]))
    found = await theirs.found(one.url, f"{name}={given}")
    assert found == ([] if resource(field.to).owned else [row["id"]])
    assert await maker.found(one.url, f"{name}={given}") == ([] if one.owned else found)


@fields_of(lambda field: field.nested)
async def test_nested_rows_refer_to_nothing_of_others(
    other: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    theirs, parent = maker.beside(other), resource(field.to)
    for reference in one.references:
        if reference is field or not resource(reference.to).owned:
            continue
        (row,) = await bodies(theirs, one, field, 1)
        row[reference.attribute] = await maker.parent(reference)
        body = await new(theirs, one, field, [row])
        response = await other.post(parent.url, json=body)
        path = f"{one.plural}.0.{reference.attribute}"
        assert refusal(response) == (409, [path])
        assert await theirs.found(parent.url) == []


@fields_of(lambda field: field.include)
async def test_rows_of_others_are_never_included(
    other: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    field: Field,
) -> None:
    theirs, parent = maker.beside(other), await maker.parent(field)
    row = await theirs.create(one)
    # What no request can write, so that the scope of what is included is proved.
    values = {field.attribute: resource(field.to).key({"id": parent})}
    own = one.table.c.id == one.key(row)
    await session.execute(update(one.table).where(own).values(values))
    url, query = f"{one.url}/{row['id']}", f"include={field.name}"
    read = (await other.get(f"{url}?{query}")).json()
    page = (await other.get(f"{one.url}?{query}&{field.attribute}={parent}")).json()
    assert page["items"] == [read]
    assert (read["included"][field.name] is None) == resource(field.to).owned


@fields_of(lambda field: field.to and not resource(field.to).owned)
async def test_the_list_of_a_shared_parent_shows_ones_own_rows_alone(
    other: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent = await maker.parent(field)
    row = await maker.create(one, **{field.attribute: parent})
    url, expected = nested(one, field, parent), [] if one.owned else [row["id"]]
    assert await maker.beside(other).found(url) == expected
    assert await maker.found(url) == [row["id"]]


@each_resource
async def test_owned_rows_go_with_their_user(
    client: httpx2.AsyncClient, session: AsyncSession, maker: Maker, one: Resource
) -> None:
    await maker.create(one)
    assert (await client.delete(ME)).status_code == 204
    left = await session.scalar(select(func.count()).select_from(one.table))
    assert left == int(not one.owned)
