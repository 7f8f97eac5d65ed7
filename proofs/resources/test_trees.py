"""Rows that form trees: their levels, what is above and what is below."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.resources.answer import Field, Resource
from proofs.resources.rows import Maker, fields_of, refusal

Row = dict[str, Any]
each_tree = fields_of(lambda field: field.levels)


async def chain(
    maker: Maker, one: Resource, field: Field, length: int, below: Any = None
) -> list[Row]:
    """Create rows, each below the one before."""
    rows = []
    for _ in range(length):
        rows.append(await maker.create(one, **{field.attribute: below}))
        below = rows[-1]["id"]
    return rows


async def move(
    client: httpx2.AsyncClient, one: Resource, field: Field, row: Row, below: Any
) -> httpx2.Response:
    """Put a row below another one."""
    sent = {field.attribute: below}
    return await client.patch(f"{one.url}/{row['id']}", json=sent)


async def depth(session: AsyncSession, one: Resource, field: Field) -> int:
    """Return how many levels there are; fail if rows form a circle."""
    columns = one.table.c
    found = await session.execute(select(columns.id, columns[field.attribute]))
    above = {row[0]: row[1] for row in found}
    deepest = 0
    for start in above:
        steps, step = 0, start
        while step is not None:
            steps, step = steps + 1, above[step]
            assert steps <= len(above)
        deepest = max(deepest, steps)
    return deepest


@each_tree
async def test_there_are_so_many_levels(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    rows = await chain(maker, one, field, field.levels)
    body = await maker.body(one, **{field.attribute: rows[-1]["id"]})
    refused = await client.post(one.url, json=body)
    assert refusal(refused) == (409, [field.attribute])
    assert refused.json()["detail"] == f"There can be {field.levels} levels at most."
    last = f"{one.url}/{rows[-1]['id']}"
    same = await maker.body(one, **{field.attribute: rows[-2]["id"]})
    assert (await client.put(last, json=same)).status_code == 200


@each_tree
async def test_a_row_moves_with_all_below_it(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    rows, pair = (
        await chain(maker, one, field, field.levels - 1),
        await chain(maker, one, field, 2),
    )
    refused = await move(client, one, field, pair[0], rows[-1]["id"])
    assert refusal(refused) == (409, [field.attribute])
    for below in (rows[-2]["id"], None, rows[0]["id"]):
        moved = await move(client, one, field, pair[0], below)
        assert moved.status_code == 200
    above = await client.get(f"{one.url}/{pair[1]['id']}/ancestors")
    assert [row["id"] for row in above.json()] == [rows[0]["id"], pair[0]["id"]]
    for row in (rows[0], pair[0], pair[1]):
        circle = await move(client, one, field, row, pair[1]["id"])
        assert refusal(circle) == (409, [field.attribute])
        assert "leads back to the same" in circle.json()["detail"]


@each_tree
async def test_what_is_above_is_shown_from_the_top_down(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    rows = await chain(maker, one, field, 4)
    for number, row in enumerate(rows):
        above = await client.get(f"{one.url}/{row['id']}/ancestors")
        assert above.json() == [await maker.read(one, each) for each in rows[:number]]
    for absent, status in ((one.absent(), 404), ("x", 422), ("%00", 422)):
        refused = await client.get(f"{one.url}/{absent}/ancestors")
        assert refused.status_code == status
    if one.soft_delete:
        await client.delete(f"{one.url}/{rows[1]['id']}")
        above = await client.get(f"{one.url}/{rows[3]['id']}/ancestors")
        assert [row["id"] for row in above.json()] == [rows[0]["id"], rows[2]["id"]]
        gone = await client.get(f"{one.url}/{rows[1]['id']}/ancestors")
        assert gone.status_code == 404


@each_tree
async def test_what_is_below_is_found_at_any_depth(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    rows = await chain(maker, one, field, 3)
    side = await chain(maker, one, field, 1, rows[0]["id"])
    await chain(maker, one, field, 2)
    within = f"{field.attribute}__within"
    for row, below in (
        (rows[0], [*rows[1:], *side]),
        (rows[1], rows[2:]),
        (rows[2], []),
    ):
        query = f"{within}={row['id']}&sort=created_at"
        ids = [each["id"] for each in below]
        assert await maker.found(one.url, query) == ids
    assert await maker.found(one.url, f"{within}={one.absent()}") == []
    query, both = f"{within}={rows[0]['id']}", [rows[0]["id"], rows[1]["id"]]
    found = "&".join(f"{field.attribute}__in={each}" for each in both[1:])
    assert await maker.found(one.url, f"{query}&{found}") == [rows[2]["id"]]
    assert await maker.found(one.url, f"{query}&{field.attribute}__isnull=true") == []
    own = f"{query}&{field.attribute}={rows[1]['id']}"
    assert await maker.found(one.url, own) == [rows[2]["id"]]
    page = (await client.get(f"{one.url}?{query}&sort=created_at&limit=2")).json()
    assert (page["total"], page["has_more"]) == (3, True)
    cursor = f"limit=2&cursor={page['next_cursor']}"
    rest = await client.get(f"{one.url}?{query}&sort=created_at&{cursor}")
    assert [row["id"] for row in rest.json()["items"]] == [side[0]["id"]]
    other = f"{within}={rows[1]['id']}&sort=created_at&{cursor}"
    assert refusal(await client.get(f"{one.url}?{other}"))[0] == 422
    for wrong in ("x", "%00", "' OR 1=1"):
        refused = await client.get(one.url, params={within: wrong})
        assert refusal(refused) == (422, [within])


@each_tree
async def test_a_circle_that_somebody_has_written_is_survived(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    field: Field,
) -> None:
    rows = await chain(maker, one, field, 3)
    columns = one.table.c
    last = select(columns.id).where(columns[field.attribute].is_not(None))
    ids = (await session.scalars(last.order_by(columns.created_at))).all()
    first = select(columns.id).where(columns[field.attribute].is_(None))
    top = (await session.scalars(first)).one()
    written = update(one.table).where(columns.id == top)
    await session.execute(written.values({field.attribute: ids[-1]}))
    await session.commit()
    row = rows[0]["id"]
    above = await client.get(f"{one.url}/{row}/ancestors")
    below = await client.get(f"{one.url}?{field.attribute}__within={row}")
    assert (above.status_code, below.json()["total"]) == (200, 3)
    freed = await move(client, one, field, rows[0], None)
    assert freed.status_code == 200


@pytest.mark.committed
@each_tree
@pytest.mark.parametrize("turn", range(4))
async def test_rows_that_are_moved_at_once_keep_to_the_levels(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    field: Field,
    turn: int,
) -> None:
    # Each of these is allowed alone: together there would be more levels.
    top = await chain(maker, one, field, field.levels - 2)
    middle = await chain(maker, one, field, 2)
    bottom = await chain(maker, one, field, 2)
    body = await maker.body(one, **{field.attribute: bottom[1]["id"]})
    calls = [
        move(client, one, field, middle[0], top[-1]["id"]),
        move(client, one, field, bottom[0], middle[1]["id"]),
        client.post(one.url, json=body),
        move(client, one, field, top[0], bottom[1]["id"]),
    ]
    answers = await asyncio.gather(*calls[turn:], *calls[:turn])
    assert {answer.status_code for answer in answers} <= {200, 201, 409, 503}
    assert await depth(session, one, field) <= field.levels
    # MySQL would not empty a table whose rows refer to each other.
    await session.execute(update(one.table).values({field.attribute: None}))
    await session.commit()
