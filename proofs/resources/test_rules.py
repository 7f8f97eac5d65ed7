"""Rules over two fields, kept by bodies, by changes of one field, and by the database."""

import operator
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import dialect
from app.db.base import Base
from app.db.violations import Violation, ViolationKind
from proofs.resources.answer import Resource, ruled
from proofs.resources.rows import Maker, refusal
from proofs.resources.values import value

OPERATORS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
PAIRS = ((1, 2), (2, 1), (1, 1))


def rules(words: int) -> pytest.MarkDecorator:
    """Return a mark for each rule with so many words."""
    pairs = [
        pytest.param(one, text.split(), id=text.replace(" ", "-"))
        for one in ruled()
        for text in one.rules
        if len(text.split()) == words
    ]
    return pytest.mark.parametrize(("one", "words"), pairs)


each_comparison = rules(3)
each_requirement = rules(6)


def values(one: Resource, words: list[str], n: int, m: int) -> dict[str, Any]:
    """Return the n-th value of the first field of a comparison, the m-th of the other."""
    name, _, other = words
    return {name: value(one.field(name), n), other: value(one.field(other), m)}


@each_comparison
async def test_bodies_keep_a_comparison(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, words: list[str]
) -> None:
    row = await maker.create(one)
    url = f"{one.url}/{row['id']}"
    for n, m in PAIRS:
        sent = values(one, words, n, m)
        body = await maker.body(one, **sent)
        is_kept = OPERATORS[words[1]](n, m)
        for response in (
            await client.post(one.url, json=body),
            await client.put(url, json=body),
            await client.patch(url, json=sent),
        ):
            assert response.is_success == is_kept, response.text
            assert is_kept or refusal(response) == (422, [words[0]])


@each_comparison
async def test_a_change_of_one_field_keeps_a_comparison(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, words: list[str]
) -> None:
    for n, m in PAIRS:
        sent = values(one, words, n, m)
        for name in (words[0], words[2]):
            row = await maker.create(one, **sent | {name: None})
            url, change = f"{one.url}/{row['id']}", {name: sent[name]}
            response = await client.patch(url, json=change)
            is_kept = OPERATORS[words[1]](n, m)
            assert response.is_success == is_kept, response.text
            assert is_kept or refusal(response) == (422, [words[0]])
            now = await maker.read(one, row)
            assert now[name] == (sent[name] if is_kept else None)


@each_requirement
async def test_what_is_required_under_a_condition_stays(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, words: list[str]
) -> None:
    name, _, _, other, _, text = words
    given = value(one.field(name), 1)
    met = text == "true" if text in ("true", "false") else text
    row = await maker.create(one)
    url = f"{one.url}/{row['id']}"
    body = await maker.body(one, **{other: met})
    for response in (
        await client.post(one.url, json=body),
        await client.put(url, json=body),
        await client.patch(url, json={other: met}),
    ):
        assert refusal(response) == (422, [name])
    both = await client.patch(url, json={other: met, name: given})
    assert both.status_code == 200, both.text
    taken = await client.patch(url, json={name: None})
    assert refusal(taken) == (422, [name])
    assert await maker.read(one, row) == both.json()


@each_comparison
async def test_the_database_keeps_a_comparison_and_says_whose_it_is(
    maker: Maker, session: AsyncSession, one: Resource, words: list[str]
) -> None:
    name, sign, other = words
    columns = one.table.c
    n, m = (2, 1) if ">" in sign else (1, 2)
    row = await maker.create(one, **values(one, words, n, m))
    own = columns.id == one.key(row)
    found = await session.execute(one.table.select().where(own))
    stored = found.mappings().one()
    swapped = {name: stored[other], other: stored[name]}
    with pytest.raises(DBAPIError) as caught:
        async with session.begin_nested():
            await session.execute(update(one.table).where(own).values(swapped))
    violation = dialect.find_violation(caught.value, Base.metadata)
    assert violation == Violation(ViolationKind.CHECK, (name, other))
    await session.execute(update(one.table).where(own).values({name: None}))


@each_requirement
async def test_the_database_keeps_a_requirement_and_says_whose_it_is(
    maker: Maker, session: AsyncSession, one: Resource, words: list[str]
) -> None:
    name, _, _, other, _, text = words
    met = text == "true" if text in ("true", "false") else text
    given = {name: value(one.field(name), 1)}
    row = await maker.create(one, **given, **{other: met})
    own = one.table.c.id == one.key(row)
    with pytest.raises(DBAPIError) as caught:
        async with session.begin_nested():
            await session.execute(update(one.table).where(own).values({name: None}))
    violation = dialect.find_violation(caught.value, Base.metadata)
    assert violation == Violation(ViolationKind.CHECK, (name, other))
