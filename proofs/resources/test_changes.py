"""Replacing, changing and deleting rows, one after the other and at once."""

import asyncio

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.resources.answer import Resource, resources
from proofs.resources.rows import Maker, each_resource
from proofs.resources.values import value

kept = pytest.mark.parametrize(
    "one",
    [one for one in resources() if one.soft_delete],
    ids=lambda one: one.name,
)


@each_resource
async def test_replacing_sets_every_field_and_can_be_repeated(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await maker.create(one, full=True)
    url, body = f"{one.url}/{row['id']}", await maker.body(one)
    replaced = await client.put(url, json=body)
    assert replaced.status_code == 200, replaced.text
    shown = replaced.json()
    for field in one.fields:
        assert shown[field.attribute] == body.get(field.attribute, field.default)
    assert (shown["id"], shown["created_at"]) == (row["id"], row["created_at"])
    assert shown["updated_at"] > row["updated_at"]
    again = await client.put(url, json=body)
    assert (again.json(), again.headers["ETag"]) == (shown, replaced.headers["ETag"])
    assert await maker.read(one, row) == shown


@each_resource
async def test_updating_changes_only_what_is_sent(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await maker.create(one, full=True, n=1)
    for field in one.fields:
        if field.to:
            continue
        sent = {field.attribute: value(field, 2)}
        response = await client.patch(f"{one.url}/{row['id']}", json=sent)
        assert response.status_code == 200, response.text
        moved = [name for name, source in one.slugs if source == field.name]
        moment = {name: response.json()[name] for name in ("updated_at", *moved)}
        assert response.json() == row | sent | moment
        if row[field.attribute] != sent[field.attribute]:
            assert moment["updated_at"] > row["updated_at"], field.name
        row = response.json()
    assert await maker.read(one, row) == row


@each_resource
async def test_updating_nothing_changes_nothing(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await maker.create(one)
    response = await client.patch(f"{one.url}/{row['id']}", json={})
    assert (response.status_code, response.json()) == (200, row)


@each_resource
async def test_a_deleted_row_is_gone(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row, other = await maker.create(one), await maker.create(one)
    url = f"{one.url}/{row['id']}"
    deleted = await client.delete(url)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for response in (
        await client.get(url),
        await client.put(url, json=await maker.body(one)),
        await client.patch(url, json={}),
        await client.delete(url),
    ):
        assert response.status_code == 404
    assert await maker.found(one.url) == [other["id"]]
    assert (await client.get(one.url)).json()["total"] == 1


@each_resource
async def test_a_deleted_row_is_kept_in_its_table_if_it_should(
    client: httpx2.AsyncClient, session: AsyncSession, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one)
    row = await maker.create(one, **body)
    assert (await client.delete(f"{one.url}/{row['id']}")).status_code == 204
    assert ("deleted_at" in one.table.c) == one.soft_delete
    kept = (await session.execute(select(one.table))).mappings().all()
    assert len(kept) == int(one.soft_delete)
    assert all(left["deleted_at"] for left in kept)


@kept
async def test_a_deleted_row_is_in_nobodys_way(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one)
    for _ in range(2):
        row = await maker.create(one, **body)
        assert (await client.delete(f"{one.url}/{row['id']}")).status_code == 204
    await maker.create(one, **body)


@each_resource
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_version_that_is_no_longer_there_is_not_changed(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, method: str
) -> None:
    row = await maker.create(one)
    url = f"{one.url}/{row['id']}"
    headers = {"If-Match": (await client.get(url)).headers["ETag"]}
    other = await maker.body(one, full=True)
    changed = await client.put(url, json=other, headers=headers)
    assert changed.status_code == 200, changed.text
    assert changed.headers["ETag"] != headers["If-Match"]
    body = await maker.body(one) if method != "DELETE" else None
    late = await client.request(method, url, json=body, headers=headers)
    assert (late.status_code, late.json()["error_code"]) == (412, "precondition_failed")
    assert (await client.get(url)).json() == changed.json()
    headers = {"If-Match": changed.headers["ETag"]}
    timely = await client.request(method, url, json=body, headers=headers)
    assert timely.status_code in (200, 204)


@each_resource
async def test_a_repeated_creation_is_answered_again(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body, headers = await maker.body(one), {"Idempotency-Key": "once"}
    first = await client.post(one.url, json=body, headers=headers)
    second = await client.post(one.url, json=body, headers=headers)
    assert first.status_code == second.status_code == 201, first.text
    assert first.content == second.content
    assert await maker.found(one.url) == [first.json()["id"]]


@pytest.mark.committed
@each_resource
async def test_of_parallel_changes_of_one_version_one_is_made(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await maker.create(one)
    url, body = f"{one.url}/{row['id']}", await maker.body(one, full=True)
    headers = {"If-Match": (await client.get(url)).headers["ETag"]}
    calls = (client.put(url, json=body, headers=headers) for _ in range(4))
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
