"""What no two rows share: by itself or together, in any case, and at once."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import UniqueConstraint

from proofs.resources.answer import Field, Resource, resources
from proofs.resources.rows import Maker, each_resource, insist, refusal
from proofs.resources.values import value

Group = tuple[Field, ...]


def groups_of(*, once: bool) -> pytest.MarkDecorator:
    """Return a mark for each group; `once` leaves out those that a row can lack."""
    pairs = [
        pytest.param(one, group, id=f"{one.name}-{'-'.join(f.name for f in group)}")
        for one in resources()
        for group in one.unique
        if not once or not any(field.optional for field in group)
    ]
    return pytest.mark.parametrize(("one", "group"), pairs)


async def shared(maker: Maker, group: Group) -> dict[str, Any]:
    """Return values for the fields of a group."""
    return {
        field.attribute: await maker.parent(field) if field.to else value(field, 3)
        for field in group
    }


def recased(values: dict[str, Any], group: Group) -> dict[str, Any]:
    """Return the same values as somebody else would write them."""
    texts = {field.attribute for field in group if field.type in ("str", "email")}
    return {name: one.upper() if name in texts else one for name, one in values.items()}


@groups_of(once=False)
async def test_what_another_row_has_is_refused(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, group: Group
) -> None:
    values = await shared(maker, group)
    taken, other = await maker.create(one, **values), await maker.create(one)
    sent, names = recased(values, group), [field.attribute for field in group]
    for response in (
        await client.post(one.url, json=await maker.body(one, **sent)),
        await client.put(
            f"{one.url}/{other['id']}", json=await maker.body(one, **sent)
        ),
        await client.patch(f"{one.url}/{other['id']}", json=sent),
    ):
        assert refusal(response) == (409, names)
        assert response.json()["error_code"] == "conflict"
    assert await maker.read(one, other) == other
    own = await client.patch(f"{one.url}/{taken['id']}", json=sent)
    assert own.status_code == 200, own.text


@groups_of(once=False)
async def test_what_differs_in_one_field_is_taken(
    maker: Maker, one: Resource, group: Group
) -> None:
    values = await shared(maker, group)
    await maker.create(one, **values)
    for field in group:
        differing = await maker.parent(field) if field.to else value(field, 4)
        await maker.create(one, **values | {field.attribute: differing})


@each_resource
async def test_rows_may_lack_what_is_unique_and_optional(
    maker: Maker, one: Resource
) -> None:
    for group in one.unique:
        free = {field.attribute: None for field in group if field.optional}
        values = await shared(maker, group) | free
        if free:
            await maker.create(one, **values)
            await maker.create(one, **values)


@pytest.mark.committed
@groups_of(once=True)
async def test_of_parallel_creations_of_one_value_one_succeeds(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, group: Group
) -> None:
    values = await shared(maker, group)
    bodies = [await maker.body(one, **values) for _ in range(4)]
    calls = (insist(client, "POST", one.url, body) for body in bodies)
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await maker.found(one.url)) == 1


@each_resource
async def test_the_table_says_what_is_unique(one: Resource) -> None:
    known = {
        frozenset(
            column.info.get("field", column.key) or column.key
            for column in constraint.columns
            if column.name not in ("owner_id", "tombstone")
        )
        for constraint in one.table.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    given = {frozenset({name}) for name, _ in one.numbers + one.slugs}
    groups = {frozenset(f.attribute for f in group) for group in one.unique}
    assert known == groups | given
