"""Slugs: made of any text, each once, and after its text, however many are made."""

import asyncio
import re
from importlib import import_module
from typing import Any

import httpx2
import pytest
from sqlalchemy import null, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Scope
from app.core.resource.slugs import NUMBERED, slug_of
from proofs.resources.answer import Resource, resources
from proofs.resources.rows import Maker, insist, refusal

SLUGS = [
    pytest.param(one, name, source, id=f"{one.name}-{name}")
    for one in resources()
    for name, source in one.slugs
]
each_slug = pytest.mark.parametrize(("one", "name", "source"), SLUGS)
each_slug_of_marked_rows = pytest.mark.parametrize(
    ("one", "name", "source"), [slug for slug in SLUGS if slug.values[0].soft_delete]
)
MADE = {
    "A lamp": "a-lamp",
    "  Lamp -- & --  Chair!  ": "lamp-chair",
    "Crème brûlée": "creme-brulee",
    "Cre\u0300me bru\u0302le\u0301e": "creme-brulee",
    "Straße, Ærø & Łódź": "strasse-aero-lodz",
    "Don't, don\u2019t": "dont-dont",
    "\ufb01fty \u2460 \uff21": "fifty-1-a",
    "I\u015f\u0131k \u0130zmir": "isik-izmir",
    "Привет, world": "world",
    "a/b?c#d%2e..%00": "a-b-c-d-2e-00",
    "x" * 200: "x" * 70,
    "long word " * 20: "long-word-" * 6 + "long-word",
}
NOTHING = ["Привет", "日本語", "???", "..", "\u202e\u200b", "🙂"]
TAKEN = ["bulk", "Counts", "NEW"]


@pytest.mark.parametrize("text", MADE)
def test_a_slug_is_made_of_small_letters_digits_and_hyphens(text: str) -> None:
    assert slug_of(text) == MADE[text]


@each_slug
@pytest.mark.parametrize("text", [*NOTHING, *TAKEN])
async def test_a_row_has_a_slug_whatever_its_text_is(
    maker: Maker, one: Resource, name: str, source: str, text: str
) -> None:
    noun = one.name.replace("_", "-")
    made = (await maker.create(one, **{source: text}))[name]
    assert made == (f"{noun}-{text.lower()}" if text in TAKEN else noun)


@each_slug
async def test_no_client_sets_a_slug(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, source: str
) -> None:
    row = await maker.create(one, **{source: "Lamp"})
    url, sent = f"{one.url}/{row['id']}", {name: "mine"}
    for response in (
        await client.post(one.url, json=await maker.body(one) | sent),
        await client.put(url, json=await maker.body(one) | sent),
        await client.patch(url, json=sent),
    ):
        assert refusal(response) == (422, [name])


@each_slug
async def test_the_same_text_has_another_slug_for_each_row(
    maker: Maker, one: Resource, name: str, source: str
) -> None:
    unlike = "!" if one.field(source).unique else ""
    made = [
        (await maker.create(one, **{source: "Lamp" + unlike * number}))[name]
        for number in range(NUMBERED + 3)
    ]
    assert made[:3] == ["lamp", "lamp-2", "lamp-3"]
    assert made[NUMBERED - 1] == f"lamp-{NUMBERED}"
    assert all(re.fullmatch("lamp-[0-9a-f]{8}", slug) for slug in made[NUMBERED:])
    assert len(set(made)) == len(made)


@each_slug
async def test_a_slug_follows_its_text(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, source: str
) -> None:
    first = await maker.create(one, **{source: "Lamp"})
    second = await maker.create(one, **{source: "lamp!"})
    url = f"{one.url}/{second['id']}"
    assert second[name] == "lamp-2"
    for text, slug in (
        ("Lamp?", "lamp-2"),
        ("LAMP 2", "lamp-2"),
        ("Chair", "chair"),
        ("Chair.", "chair"),
        ("lamp...", "lamp-2"),
    ):
        changed = await client.patch(url, json={source: text})
        assert changed.json()[name] == slug, text
    others = await client.patch(url, json={})
    assert others.json()[name] == "lamp-2"
    await client.delete(f"{one.url}/{first['id']}")
    body = await maker.body(one, **{source: "(lamp)"})
    assert (await client.put(url, json=body)).json()[name] == "lamp-2"
    body = await maker.body(one, **{source: "table"})
    assert (await client.put(url, json=body)).json()[name] == "table"
    found = await client.get(one.url, params={name: "table"})
    assert [row["id"] for row in found.json()["items"]] == [second["id"]]


@pytest.mark.parametrize("one", [one for one in resources() if one.slugs])
async def test_what_else_is_refused_names_its_own_field(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await maker.create(one, n=3)
    for field in (field for field in one.fields if field.unique and not field.to):
        body = await maker.body(one, **{field.attribute: row[field.attribute]})
        response = await client.post(one.url, json=body)
        assert refusal(response) == (409, [field.attribute])


@each_slug_of_marked_rows
async def test_a_restored_row_has_its_slug_unless_that_is_taken(
    client: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    name: str,
    source: str,
) -> None:
    first, second = [await maker.create(one, **{source: "Lamp"}) for _ in range(2)]
    for row in (first, second):
        await client.delete(f"{one.url}/{row['id']}")
    third = await maker.create(one, **{source: "lamp"})
    assert third[name] == "lamp"
    owner = select(one.table.c.get("owner_id", null()))
    scope = Scope((await session.scalars(owner)).first())
    module = import_module(f"app.crud.{one.name}")
    repository = getattr(module, f"{one.name.title().replace('_', '')}Repository")
    rows = repository(session, scope)
    for row, slug in ((second, "lamp-2"), (first, "lamp-3")):
        restored = await rows.restore(one.key(row))
        assert getattr(restored, name) == slug
    await session.commit()


@each_slug
@pytest.mark.committed
async def test_rows_that_are_made_at_once_have_a_slug_each(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, name: str, source: str
) -> None:
    unlike = "!" if one.field(source).unique else ""
    bodies: list[dict[str, Any]] = [
        await maker.body(one, **{source: "Lamp" + unlike * number})
        for number in range(12)
    ]
    responses = await asyncio.gather(
        *(insist(client, "POST", one.url, body) for body in bodies)
    )
    assert {response.status_code for response in responses} == {201}
    made = [response.json()[name] for response in responses]
    assert len(set(made)) == 12
    assert {"lamp", "lamp-2"} <= set(made)
    calls = (
        insist(
            client,
            "PATCH",
            f"{one.url}/{response.json()['id']}",
            {source: "Chair" + unlike * number},
        )
        for number, response in enumerate(responses)
    )
    changed = await asyncio.gather(*calls)
    assert {response.status_code for response in changed} == {200}
    made = [response.json()[name] for response in changed]
    assert len(set(made)) == 12
    assert all(slug.startswith("chair") for slug in made)
