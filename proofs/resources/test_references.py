"""What rows refer to: it exists, is shown, can change, and is not lost unnoticed."""

import asyncio
from typing import Any

import httpx2
import pytest

from proofs.resources.answer import Field, Resource, resource, resources
from proofs.resources.rows import Maker, each_reference, refusal

TO_ITSELF = [
    pytest.param(one, field, id=f"{one.name}-{field.name}")
    for one in resources()
    for field in one.references
    if field.to == one.name
]
each_reference_to_itself = pytest.mark.parametrize(("one", "field"), TO_ITSELF)


def nested(one: Resource, field: Field, parent_id: object) -> str:
    """Return the list of the rows that refer to one row."""
    child = one.url.rsplit("/", 1)[-1]
    by = "" if field.name == field.to else f"-by-{field.name.replace('_', '-')}"
    return f"{resource(field.to).url}/{parent_id}/{child}{by}"


@each_reference
async def test_what_is_referred_to_must_exist(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    sent: dict[str, Any] = {field.attribute: resource(field.to).absent()}
    for response in (
        await client.post(one.url, json=await maker.body(one, **sent)),
        await client.put(f"{one.url}/{row['id']}", json=await maker.body(one, **sent)),
        await client.patch(f"{one.url}/{row['id']}", json=sent),
    ):
        assert refusal(response) == (409, [field.attribute])
        assert response.json()["error_code"] == "conflict"
    assert await maker.read(one, row) == row


@each_reference
async def test_what_is_referred_to_is_shown_and_can_change(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    first, second = await maker.parent(field), await maker.parent(field)
    row = await maker.create(one, **{field.attribute: first})
    assert (row[field.attribute], row[field.name]["id"]) == (first, first)
    assert await maker.read(one, row) == row
    changed = await client.patch(
        f"{one.url}/{row['id']}", json={field.attribute: second}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()[field.name]["id"] == second
    assert await maker.read(one, row) == changed.json()


@each_reference
async def test_a_summary_shows_one_field_at_most(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent, target = await maker.parent(field), resource(field.to)
    row = await maker.create(one, **{field.attribute: parent})
    whole = (await client.get(f"{target.url}/{parent}")).json()
    summary = row[field.name]
    assert summary == {name: whole[name] for name in summary}
    if target.summary:
        assert list(summary) == ["id", target.summary]
    assert len(summary) <= 2


@each_reference
async def test_deleting_what_is_referred_to(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    parent, target = await maker.parent(field), resource(field.to)
    row = await maker.create(one, **{field.attribute: parent})
    deleted = await client.delete(f"{target.url}/{parent}")
    read = await client.get(f"{one.url}/{row['id']}")
    if target.soft_delete:
        assert (deleted.status_code, read.json()) == (204, row)
        sent: dict[str, Any] = {field.attribute: parent}
        again = await client.post(one.url, json=await maker.body(one, **sent))
        assert refusal(again) == (409, [field.attribute])
        assert (await client.get(nested(one, field, parent))).status_code == 404
    elif field.on_delete == "cascade":
        assert (deleted.status_code, read.status_code) == (204, 404)
    elif field.on_delete == "set_null":
        assert (deleted.status_code, read.json()[field.attribute]) == (204, None)
        assert read.json()[field.name] is None
    else:
        assert (deleted.status_code, read.json()) == (409, row)
        assert deleted.json()["error_code"] == "conflict"


@each_reference
async def test_the_table_says_what_is_deleted_with_what(
    one: Resource, field: Field
) -> None:
    (key,) = one.table.c[field.attribute].foreign_keys
    rules = {"cascade": "CASCADE", "set_null": "SET NULL", "restrict": None}
    assert key.column is resource(field.to).table.c["id"]
    assert key.ondelete == rules[field.on_delete]


@each_reference
async def test_the_rows_of_one_parent_are_a_list(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    first, second = await maker.parent(field), await maker.parent(field)
    rows = [await maker.create(one, **{field.attribute: first}) for _ in range(2)]
    other = await maker.create(one, **{field.attribute: second})
    url, expected = nested(one, field, first), [row["id"] for row in reversed(rows)]
    assert await maker.found(url) == expected
    assert await maker.found(url, "sort=created_at&limit=1") == expected[1:]
    assert await maker.found(one.url, f"{field.attribute}={first}") == expected
    both = f"{field.attribute}__in={first}&{field.attribute}__in={second}"
    assert await maker.found(one.url, both) == [other["id"], *expected]
    page = (await client.get(f"{url}?limit=1")).json()
    assert (page["total"], page["has_more"]) == (2, True)
    rest = await client.get(f"{url}?limit=1&cursor={page['next_cursor']}")
    assert [row["id"] for row in rest.json()["items"]] == expected[1:]
    assert (
        await client.get(nested(one, field, resource(field.to).absent()))
    ).status_code == 404


@each_reference_to_itself
@pytest.mark.parametrize("length", [1, 2, 4])
async def test_no_row_leads_back_to_itself(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field, length: int
) -> None:
    rows = [await maker.create(one)]
    for _ in range(length - 1):
        rows.append(await maker.create(one, **{field.attribute: rows[-1]["id"]}))
    url, sent = f"{one.url}/{rows[0]['id']}", {field.attribute: rows[-1]["id"]}
    for response in (
        await client.patch(url, json=sent),
        await client.put(url, json=await maker.body(one, **sent)),
    ):
        assert refusal(response) == (409, [field.attribute])
        assert "leads back to the same" in response.json()["detail"]
    # It can still be moved elsewhere, and what refers to nothing else is deleted.
    other = await maker.create(one)
    moved = await client.patch(url, json={field.attribute: other["id"]})
    assert moved.json()[field.name]["id"] == other["id"]
    for row in reversed(rows):
        assert (await client.delete(f"{one.url}/{row['id']}")).status_code == 204


@pytest.mark.parametrize(
    ("one", "field"), [pair for pair in TO_ITSELF if pair.values[0].soft_delete]
)
async def test_rows_that_are_hidden_lead_on(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    first = await maker.create(one)
    middle = await maker.create(one, **{field.attribute: first["id"]})
    last = await maker.create(one, **{field.attribute: middle["id"]})
    await client.delete(f"{one.url}/{middle['id']}")
    sent = {field.attribute: last["id"]}
    response = await client.patch(f"{one.url}/{first['id']}", json=sent)
    assert refusal(response) == (409, [field.attribute])


@pytest.mark.committed
@each_reference_to_itself
async def test_rows_that_are_moved_at_once_form_no_circle(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    # Each pair is moved below the other one: they share no row that is written.
    tops, bottoms = [], []
    for _ in range(3):
        tops.append((await maker.create(one))["id"])
        bottom = await maker.create(one, **{field.attribute: tops[-1]})
        bottoms.append(bottom["id"])
    calls = (
        client.patch(f"{one.url}/{top}", json={field.attribute: bottom})
        for top, bottom in zip(tops, [*bottoms[1:], bottoms[0]], strict=True)
    )
    answers = await asyncio.gather(*calls)
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 409, 503}
    rows = [(await client.get(f"{one.url}/{id_}")).json() for id_ in tops + bottoms]
    above = {row["id"]: row[field.attribute] for row in rows}
    for start in above:
        step: str | None = start
        for _ in above:
            step = above[step] if step else None
        assert step is None
    # MySQL would not empty a table whose rows refer to each other.
    for row in rows:
        await client.patch(f"{one.url}/{row['id']}", json={field.attribute: None})
