"""Many rows in one request: together or each by itself, by the rules of their service."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core.bulk.schemas import MAX_ROWS
from app.core.settings import ApiSettings
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp, borrow
from proofs.resources.answer import Resource, everything, resource
from proofs.resources.rows import Maker, refusal

Row = dict[str, Any]


def each(*operations: str) -> pytest.MarkDecorator:
    """Return a mark for each resource that has these operations in bulk.

    Of its rows there can be many that are the same.
    """
    able = [
        one for one in everything() if {*operations} <= {*one.bulk} and not one.unique
    ]
    return pytest.mark.parametrize("one", able, ids=lambda one: one.name)


async def send(
    client: httpx2.AsyncClient,
    one: Resource,
    operation: str,
    rows: list[Row],
    query: str = "",
    key: str | None = None,
) -> httpx2.Response:
    """Send rows."""
    method = "PATCH" if operation == "update" else "POST"
    path = "bulk-delete" if operation == "delete" else "bulk"
    headers = {"Idempotency-Key": key} if key else {}
    url = f"{one.url}/{path}{query}"
    return await client.request(method, url, json={"rows": rows}, headers=headers)


def statuses(response: httpx2.Response) -> list[int]:
    """Return what became of each row."""
    assert response.status_code == 200, response.text
    results = response.json()["results"]
    assert [one["index"] for one in results] == list(range(len(results)))
    return [one["status"] for one in results]


async def read(client: httpx2.AsyncClient, one: Resource, row: Row) -> httpx2.Response:
    """Read a row where it is."""
    return await client.get(f"{one.url}/{row[one.address or 'id']}")


@each("create")
async def test_rows_are_created_together_or_each_by_itself(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    good = [await maker.body(one) for _ in range(2)]
    wrong: list[Any] = [{**good[0], "nonsense": 1}, "nothing"]
    rows = [good[0], *wrong, good[1]]
    paths = ["rows.1.nonsense", "rows.2.body"]
    refused = await send(client, one, "create", rows)
    assert refusal(refused) == (422, paths)
    assert refused.json()["error_code"] == "rows_refused"
    assert [found["index"] for found in refused.json()["results"]] == [1, 2]
    assert await maker.found(one.url) == []
    created = await send(client, one, "create", rows, "?atomic=false")
    assert statuses(created) == [201, 422, 422, 201]
    results = created.json()["results"]
    assert results[1]["problem"]["field_errors"] == {"nonsense": ["Unknown field."]}
    assert [results[1][name] for name in ("row", "etag")] == [None, None]
    for result in (results[0], results[3]):
        found = await read(client, one, result["row"])
        assert (found.json(), found.headers["ETag"]) == (result["row"], result["etag"])
    assert len(await maker.found(one.url)) == 2
    for field in one.references:
        absent = {**good[0], field.attribute: resource(field.to).absent()}
        refused = await send(client, one, "create", [good[0], absent])
        assert refusal(refused) == (422, [f"rows.1.{field.attribute}"])
        assert refused.json()["results"][0]["status"] == 409
        assert len(await maker.found(one.url)) == 2


@each("create")
async def test_rows_are_at_least_one_and_at_most_so_many(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one)
    for number in (0, MAX_ROWS + 1):
        refused = await send(client, one, "create", [body] * number)
        assert refusal(refused) == (422, ["rows"])
    assert statuses(await send(client, one, "create", [body] * MAX_ROWS)) == (
        [201] * MAX_ROWS
    )
    total = (await client.get(f"{one.url}?limit=1")).json()["total"]
    assert total == MAX_ROWS


@each("update")
async def test_rows_are_changed_as_far_as_they_are_as_they_were_read(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    first, second, third = [await maker.create(one) for _ in range(3)]
    rows: list[Row] = [
        {"id": first["id"], "etag": '"1"', "title": "Changed"},
        {"id": second["id"], "etag": '"7"', "title": "Changed"},
        {"id": one.absent(), "title": "Changed"},
        {"id": third["id"], "title": None},
        {"title": "Changed"},
        {"id": third["id"], "title": "Changed", "etag": "1"},
    ]
    refused = await send(client, one, "update", rows)
    paths = ["rows.1", "rows.2", "rows.3.title", "rows.4.id", "rows.5.etag"]
    assert refusal(refused) == (422, paths)
    now = [(await read(client, one, row)).json() for row in (first, second, third)]
    assert now == [first, second, third]
    changed = await send(client, one, "update", rows, "?atomic=false")
    assert statuses(changed) == [200, 412, 404, 422, 422, 422]
    result = changed.json()["results"][0]
    assert result["row"] == first | result["row"] | {"title": "Changed"}
    found = await read(client, one, result["row"])
    assert (found.json(), found.headers["ETag"]) == (result["row"], result["etag"])
    same = {
        name: first[name] for name in first.keys() - {"title", "slug", "updated_at"}
    }
    assert result["row"] == result["row"] | same
    again = {"id": first["id"], "etag": result["etag"]}
    assert statuses(await send(client, one, "update", [again])) == [200]


async def test_rules_over_two_fields_are_kept(
    client: httpx2.AsyncClient, maker: Maker
) -> None:
    for one in (one for one in everything() if one.rules and "update" in one.bulk):
        row = await maker.create(one, least=3)
        sent = {"id": row["id"], "most": 2}
        refused = await send(client, one, "update", [sent, {**sent, "most": 4}])
        assert refusal(refused) == (422, ["rows.0.least"])


@each("delete")
async def test_rows_are_deleted_once(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    first, second, third = [await maker.create(one) for _ in range(3)]
    stale = {"id": second["id"], "etag": '"0"'}
    rows: list[Row] = [{"id": first["id"]}, stale, {"id": first["id"]}, {"id": "x"}]
    refused = await send(client, one, "delete", rows)
    assert refusal(refused) == (422, ["rows.1", "rows.2", "rows.3.id"])
    assert len(await maker.found(one.url)) == 3
    deleted = await send(client, one, "delete", rows, "?atomic=false")
    assert statuses(deleted) == [204, 412, 404, 422]
    left = {second["id"], third["id"]}
    assert {*await maker.found(one.url)} == left


@pytest.mark.committed
@each("update")
async def test_rows_that_are_changed_in_another_order_wait_for_each_other(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    made = [await maker.create(one) for _ in range(20)]
    rows = [{"id": row["id"], "title": "Changed"} for row in made]
    for _ in range(3):
        responses = await asyncio.gather(
            *(send(client, one, "update", order) for order in (rows, rows[::-1]) * 2)
        )
        for response in responses:
            assert statuses(response) == [200] * 20
        shown = [one["row"]["id"] for one in responses[1].json()["results"]]
        assert shown == [row["id"] for row in rows[::-1]]


@each("create")
async def test_a_key_stands_for_the_whole_request(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    rows = [await maker.body(one), {}]
    refused = await send(client, one, "create", [{"nonsense": 1}], key="bulk")
    assert refused.status_code == 422
    query = "?atomic=false"
    first = await send(client, one, "create", rows, query, key="bulk")
    second = await send(client, one, "create", rows, query, key="bulk")
    assert (first.status_code, first.content) == (200, second.content)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    for other in (
        await send(client, one, "create", rows, key="bulk"),
        await send(client, one, "create", rows[:1], query, key="bulk"),
    ):
        assert other.json()["error_code"] == "idempotency_key_reused"
    made = len(statuses(first)) - statuses(first).count(422)
    assert len(await maker.found(one.url)) == made


@each("create")
async def test_numbers_have_no_gaps(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    good = [await maker.body(one) for _ in range(3)]
    lost = {field.attribute: resource(field.to).absent() for field in one.references}
    rows = [good[0], {**good[1], **lost}, good[1]]
    await send(client, one, "create", [*rows, {"nonsense": 1}])
    await send(client, one, "create", rows, "?atomic=false")
    await send(client, one, "create", good[2:])
    shown = (await client.get(f"{one.url}?sort=created_at")).json()["items"]
    for name, _ in one.numbers:
        numbers = [int(row[name].rpartition("-")[2]) for row in shown]
        assert numbers == list(range(1, len(shown) + 1))


@each("update")
async def test_without_a_version_rows_are_refused_where_one_is_demanded(
    app: FastAPI,
    client: httpx2.AsyncClient,
    make_app: MakeApp,
    maker: Maker,
    one: Resource,
) -> None:
    row = await maker.create(one)
    demanding = borrow(app, make_app(api=ApiSettings(require_if_match=True)))
    async with client_key(demanding, headers=dict(client.headers)) as caller:
        rows = [{"id": row["id"]}, {"id": row["id"], "etag": '"1"'}]
        response = await send(caller, one, "update", rows, "?atomic=false")
        assert statuses(response) == [428, 200]
