"""Numbers of documents: in order, without a gap, each once, however many are made."""

import asyncio
import re
from datetime import datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.numbers import document
from app.core.resource.numbers.counter import NumberCounter
from app.db.base import now
from proofs.resources.answer import Resource, resources
from proofs.resources.rows import Maker, refusal

each_number = pytest.mark.parametrize(
    ("one", "name", "pattern"),
    [
        pytest.param(one, name, pattern, id=f"{one.name}-{name}")
        for one in resources()
        for name, pattern in one.numbers
    ],
)


def written(pattern: str, number: int, year: int | None = None) -> str:
    """Return a number as the answer says that it is written."""
    text = pattern.replace("{year}", str(year or now().year))
    width = re.search(r"{seq:?(\d*)}", text)
    assert width
    return text.replace(width[0], f"{number:0{int(width[1] or 1)}}")


@each_number
async def test_numbers_count_from_one(
    maker: Maker, one: Resource, name: str, pattern: str
) -> None:
    found = [(await maker.create(one))[name] for _ in range(11)]
    assert found == [written(pattern, number) for number in range(1, 12)]


@each_number
async def test_no_client_sets_a_number(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, pattern: str
) -> None:
    row = await maker.create(one)
    sent = {name: written(pattern, 7)}
    url = f"{one.url}/{row['id']}"
    for response in (
        await client.post(one.url, json=await maker.body(one) | sent),
        await client.put(url, json=await maker.body(one) | sent),
        await client.patch(url, json=sent),
    ):
        assert refusal(response) == (422, [name])
    replaced = await client.put(url, json=await maker.body(one))
    assert replaced.json()[name] == row[name]
    document_ = (await client.get("/openapi.json")).json()["components"]["schemas"]
    (shown,) = {
        str(schema["properties"][name].get("readOnly"))
        for title, schema in document_.items()
        if title.lower() == f"{one.name}read".replace("_", "")
    }
    assert shown == "True"


@each_number
async def test_what_fails_leaves_no_gap(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, pattern: str
) -> None:
    first = await maker.create(one, n=3)
    own = [field for field in one.fields if field.unique and not field.to]
    same = {field.attribute: first[field.attribute] for field in own}
    refused = await client.post(one.url, json=await maker.body(one, **same))
    assert refused.status_code == 409
    deleted = await client.delete(f"{one.url}/{first['id']}")
    assert deleted.status_code == 204
    assert (await maker.create(one))[name] == written(pattern, 2)


@each_number
async def test_a_number_is_found(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, pattern: str
) -> None:
    rows = [await maker.create(one) for _ in range(3)]
    for query, found in (
        ({name: written(pattern, 2)}, rows[1:2]),
        ({f"{name}__in": [written(pattern, 3), written(pattern, 9)]}, rows[2:]),
        ({name: written(pattern, 9)}, []),
    ):
        page = await client.get(one.url, params=query)
        assert page.json()["items"] == found


@each_number
async def test_numbers_begin_anew_in_a_year_that_they_have_in_them(
    maker: Maker,
    monkeypatch: pytest.MonkeyPatch,
    one: Resource,
    name: str,
    pattern: str,
) -> None:
    await maker.create(one)
    later: datetime = now().replace(year=2099, day=1)
    monkeypatch.setattr(document, "now", lambda: later)
    anew = "{year}" in pattern
    assert (await maker.create(one))[name] == written(pattern, 1 if anew else 2, 2099)


@each_number
async def test_counting_goes_on_after_rows_that_are_there(
    maker: Maker, session: AsyncSession, one: Resource, name: str, pattern: str
) -> None:
    rows = [await maker.create(one) for _ in range(2)]
    for row, number in zip(rows, (99_999, 100_000), strict=True):
        own = update(one.table).where(one.table.c.id == one.key(row))
        await session.execute(own.values({name: written(pattern, number)}))
    await session.execute(delete(NumberCounter))
    await session.commit()
    assert (await maker.create(one))[name] == written(pattern, 100_001)


@each_number
@pytest.mark.committed
async def test_rows_that_are_made_at_once_have_a_number_each(
    client: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    name: str,
    pattern: str,
) -> None:
    bodies: list[dict[str, Any]] = [await maker.body(one) for _ in range(12)]
    calls = (client.post(one.url, json=body) for body in bodies)
    responses = await asyncio.gather(*calls)
    assert {response.status_code for response in responses} == {201}
    found = sorted(response.json()[name] for response in responses)
    assert found == sorted(written(pattern, number) for number in range(1, 13))
    last = await session.scalars(select(NumberCounter.last))
    assert set(last) == {12}
