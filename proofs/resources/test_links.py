"""Rows that are linked to others: in bodies, by either end, in lists and filters."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Repository
from proofs.resources.answer import Link, Resource, resource, resources
from proofs.resources.rows import Maker, each_resource, refusal

LINKS = [
    pytest.param(one, link, id=f"{one.name}-{link.name}")
    for one in resources()
    for link in one.links
]
each_link = pytest.mark.parametrize(("one", "link"), LINKS)
Row = dict[str, Any]


def forward(one: Resource, link: Link, row_id: object) -> str:
    """Return the list of what a row is linked to."""
    return f"{one.url}/{row_id}/{link.name.replace('_', '-')}"


def backward(one: Resource, link: Link, other_id: object) -> str:
    """Return the list of the rows that are linked to another."""
    target, name = resource(link.to), one.url.rsplit("/", 1)[-1]
    by = "" if link.name == target.plural else f"-by-{link.name.replace('_', '-')}"
    return f"{target.url}/{other_id}/{name}{by}"


async def others(maker: Maker, link: Link, count: int) -> list[Any]:
    """Create rows to link to, and return their ids, in the order of their creation."""
    target = resource(link.to)
    return [(await maker.create(target))["id"] for _ in range(count)]


async def tag_of(client: httpx2.AsyncClient, one: Resource, row: Row) -> str:
    """Return the version of a row."""
    return str((await client.get(f"{one.url}/{row['id']}")).headers["ETag"])


@each_link
async def test_links_are_created_shown_and_replaced(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    ids = await others(maker, link, 3)
    row = await maker.create(one, **{link.attribute: ids[1::-1]})
    assert row[link.attribute] == [each["id"] for each in row[link.name]] == ids[:2]
    assert await maker.read(one, row) == row
    assert await tag_of(client, one, row) == '"1"'
    url, sent = f"{one.url}/{row['id']}", {link.attribute: ids[1:]}
    patched = await client.patch(url, json=sent)
    assert patched.json()[link.attribute] == ids[1:]
    assert patched.json()["updated_at"] > row["updated_at"]
    assert patched.headers["ETag"] == '"2"'
    assert await maker.read(one, row) == patched.json()
    body = await maker.body(one, **sent)
    put = await client.put(url, json=body)
    assert put.json()[link.attribute] == ids[1:]
    cleared = await client.put(url, json={**body, link.attribute: []})
    assert (cleared.json()[link.attribute], cleared.json()[link.name]) == ([], [])
    del body[link.attribute]
    left_out = await client.put(url, json=body)
    assert (left_out.json(), left_out.headers["ETag"]) == (
        cleared.json(),
        cleared.headers["ETag"],
    )


@each_link
async def test_the_same_links_are_the_same_version(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    ids = await others(maker, link, 2)
    row = await maker.create(one, **{link.attribute: ids})
    for order in (ids, ids[::-1]):
        url = f"{one.url}/{row['id']}"
        same = await client.patch(url, json={link.attribute: order})
        assert (same.json(), same.headers["ETag"]) == (row, '"1"')
    for id_ in ids:
        same = await client.put(f"{forward(one, link, row['id'])}/{id_}")
        assert (same.json(), same.headers["ETag"]) == (row, '"1"')
    never = f"{forward(one, link, row['id'])}/{resource(link.to).absent()}"
    assert (await client.delete(never)).json() == row


@each_link
async def test_links_that_are_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    (known,) = await others(maker, link, 1)
    absent = resource(link.to).absent
    row = await maker.create(one, **{link.attribute: [known]})
    refused: list[tuple[Any, int]] = [
        ([absent()], 409),
        ([known, absent()], 409),
        ([known, known], 422),
        ([known, known.upper() if isinstance(known, str) else float(known)], 422),
        ([absent() for _ in range(101)], 422),
        (["1"], 422),
        ([None], 422),
        (known, 422),
        (None, 422),
        ({"id": known}, 422),
    ]
    for value, status in refused:
        sent: dict[str, Any] = {link.attribute: value}
        for response in (
            await client.post(one.url, json=await maker.body(one, **sent)),
            await client.put(
                f"{one.url}/{row['id']}", json=await maker.body(one, **sent)
            ),
            await client.patch(f"{one.url}/{row['id']}", json=sent),
        ):
            code, named = refusal(response)
            names = {each.split(".")[0] for each in named}
            assert (code, names) == (status, {link.attribute}), value
    assert await maker.read(one, row) == row


@each_link
async def test_either_end_adds_and_removes(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    first, second = await others(maker, link, 2)
    row = await maker.create(one)
    ends = (
        (first, f"{forward(one, link, row['id'])}/{first}"),
        (second, f"{backward(one, link, second)}/{row['id']}"),
    )
    for number, (id_, url) in enumerate(ends):
        tag = await tag_of(client, one, row)
        added = await client.put(url, headers={"If-Match": tag})
        assert added.status_code == 200, added.text
        assert id_ in added.json()[link.attribute]
        assert added.headers["ETag"] == f'"{number + 2}"'
        assert await maker.read(one, row) == added.json()
        late = await client.delete(url, headers={"If-Match": tag})
        assert refusal(late) == (412, [])
        assert await maker.read(one, row) == added.json()
    for id_, url in ends:
        for _ in range(2):
            left = await client.delete(url)
            assert left.status_code == 200, left.text
            assert id_ not in left.json()[link.attribute]
    assert left.headers["ETag"] == '"5"'
    for url in (
        f"{forward(one, link, one.absent())}/{first}",
        f"{backward(one, link, first)}/{one.absent()}",
    ):
        assert (await client.put(url)).status_code == 404
        assert (await client.delete(url)).status_code == 404
    for url in (
        f"{forward(one, link, row['id'])}/{resource(link.to).absent()}",
        f"{backward(one, link, resource(link.to).absent())}/{row['id']}",
    ):
        assert (await client.put(url)).status_code == 404


@each_link
async def test_a_row_has_so_many_links_and_no_more(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.resource.links.MAX_LINKS", 2)
    ids = await others(maker, link, 3)
    row = await maker.create(one, **{link.attribute: ids[:2]})
    full = await client.put(f"{forward(one, link, row['id'])}/{ids[2]}")
    assert refusal(full) == (409, [link.attribute])
    assert (await client.put(f"{forward(one, link, row['id'])}/{ids[1]}")).json() == row


@each_link
async def test_both_ends_are_lists(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    ids = await others(maker, link, 3)
    rows = [await maker.create(one, **{link.attribute: ids[:2]}) for _ in range(2)]
    await maker.create(one, **{link.attribute: ids[2:]})
    found = [row["id"] for row in reversed(rows)]
    for url, elsewhere, expected in (
        (forward(one, link, found[0]), forward(one, link, found[1]), ids[1::-1]),
        (backward(one, link, ids[0]), backward(one, link, ids[2]), found),
    ):
        assert await maker.found(url) == expected
        assert await maker.found(url, "sort=updated_at&limit=1") == expected[1:]
        page = (await client.get(f"{url}?limit=1")).json()
        assert (page["total"], page["has_more"]) == (2, True)
        cursor = f"cursor={page['next_cursor']}"
        assert await maker.found(url, f"limit=1&{cursor}") == expected[1:]
        assert refusal(await client.get(f"{elsewhere}?{cursor}")) == (422, ["cursor"])
    absent = resource(link.to).absent()
    for url in (forward(one, link, one.absent()), backward(one, link, absent)):
        assert (await client.get(url)).status_code == 404


@each_link
async def test_a_list_is_filtered_by_what_its_rows_are_linked_to(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = await others(maker, link, 3)
    rows = [
        await maker.create(one, **{link.attribute: linked})
        for linked in (ids[:2], ids[1:], [])
    ]
    made = [row["id"] for row in rows]
    # It is no filter for which all rows have to be looked at.
    monkeypatch.setattr(Repository, "max_scanned", 2)
    name = link.target
    for query, expected in (
        (f"{name}={ids[0]}", made[:1]),
        (f"{name}={ids[1]}", made[1::-1]),
        (f"{name}={resource(link.to).absent()}", []),
        (f"{name}__in={ids[0]}&{name}__in={ids[2]}", made[1::-1]),
        (f"{name}={ids[0]}&{name}__in={ids[1]}", made[:1]),
        (f"{name}={ids[0]}&{name}__in={ids[2]}", []),
        (f"{name}={ids[1]}&sort=updated_at", made[:2]),
    ):
        assert await maker.found(one.url, query) == expected, query
        page = (await client.get(f"{one.url}?{query}&limit=1")).json()
        assert page["total"] == len(expected), query
    both = await maker.found(backward(one, link, ids[0]), f"{name}={ids[1]}")
    assert both == made[:1]
    page = (await client.get(f"{one.url}?{name}={ids[1]}&limit=1")).json()
    other = f"{one.url}?{name}={ids[0]}&cursor={page['next_cursor']}"
    assert refusal(await client.get(other)) == (422, ["cursor"])
    nonsense = await client.get(f"{one.url}?{name}=none")
    assert refusal(nonsense) == (422, [name])


@each_resource
async def test_more_links_take_no_more_statements(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, statements: list[str]
) -> None:
    if one.numbers:
        # The first one looks for rows that were there before the counter.
        await maker.create(one)
    counts = []
    for number in (1, 3):
        ids = {each.attribute: await others(maker, each, number) for each in one.links}
        body = await maker.body(one, **ids)
        statements.clear()
        await client.post(one.url, json=body)
        written = len(statements)
        await maker.create(one, **ids)
        statements.clear()
        page = (await client.get(f"{one.url}?total=false")).json()
        assert len(page["items"]) >= number
        counts.append((written, len(statements)))
    assert counts[0] == counts[1]


@each_link
async def test_links_go_with_either_row(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    maker: Maker,
    one: Resource,
    link: Link,
) -> None:
    target = resource(link.to)
    first, second, third = await others(maker, link, 3)
    row = await maker.create(one, **{link.attribute: [first, second]})
    assert (await client.delete(f"{target.url}/{first}")).status_code == 204
    read = await maker.read(one, row)
    url, own = f"{one.url}/{row['id']}", forward(one, link, row["id"])
    if target.soft_delete:
        assert read == row
        assert await maker.found(own) == [second]
        assert (await client.get(backward(one, link, first))).status_code == 404
        # What is linked stays so, and is nothing to link to anew.
        sent = {link.attribute: [first, second, third]}
        assert (await client.patch(url, json=sent)).json()[link.attribute] == sent[
            link.attribute
        ]
        assert (await client.put(f"{own}/{second}")).status_code == 200
        assert first not in (await client.delete(f"{own}/{first}")).json()
        again = await client.patch(url, json=sent)
        assert refusal(again) == (409, [link.attribute])
        assert (await client.put(f"{own}/{first}")).status_code == 404
    else:
        assert (read[link.attribute], read["updated_at"]) == (
            [second],
            row["updated_at"],
        )
    assert (await client.delete(url)).status_code == 204
    left = await session.scalar(select(func.count()).select_from(link.table))
    assert bool(left) == one.soft_delete
    assert (await client.get(own)).status_code == 404
    assert await maker.found(backward(one, link, second)) == []


@pytest.mark.parametrize(
    ("one", "link"),
    [each for each in LINKS if each.values[0].name == each.values[1].to],
)
async def test_no_row_is_linked_to_itself(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    row = await maker.create(one)
    for response in (
        await client.patch(
            f"{one.url}/{row['id']}", json={link.attribute: [row["id"]]}
        ),
        await client.put(f"{forward(one, link, row['id'])}/{row['id']}"),
        await client.put(f"{backward(one, link, row['id'])}/{row['id']}"),
    ):
        assert refusal(response) == (409, [link.attribute])
    assert await maker.read(one, row) == row


@each_link
async def test_the_table_of_links_has_an_index_for_either_end(
    one: Resource, link: Link
) -> None:
    assert [each.name for each in link.table.primary_key] == [link.own, link.target]
    (index,) = link.table.indexes
    assert [each.name for each in index.columns] == [link.target, link.own]
    for column, target in (
        (link.own, one.table),
        (link.target, resource(link.to).table),
    ):
        (key,) = link.table.c[column].foreign_keys
        assert (key.column, key.ondelete) == (target.c["id"], "CASCADE")


@pytest.mark.committed
@each_link
async def test_links_that_are_added_at_once_are_all_there(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    ids = await others(maker, link, 4)
    row = await maker.create(one)
    own = forward(one, link, row["id"])
    calls = [client.put(f"{own}/{each}") for each in (*ids, *ids)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {200}
    assert (await maker.read(one, row))[link.attribute] == ids


@pytest.mark.committed
@each_link
async def test_what_is_deleted_while_it_is_linked_leaves_no_link(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, link: Link
) -> None:
    target, row = resource(link.to), await maker.create(one)
    for id_ in await others(maker, link, 4):
        linked, deleted = await asyncio.gather(
            client.put(f"{forward(one, link, row['id'])}/{id_}"),
            client.delete(f"{target.url}/{id_}"),
        )
        assert deleted.status_code == 204, deleted.text
        assert linked.status_code in (200, 404, 409), linked.text
        if not target.soft_delete:
            assert id_ not in (await maker.read(one, row))[link.attribute]
