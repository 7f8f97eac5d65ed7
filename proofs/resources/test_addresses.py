"""Rows are found by an address in place of the id, and by those that they had before."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.addresses import PATTERN
from app.core.resource.reserved import RESERVED
from app.core.settings import HttpSettings, ServerSettings
from app.db.base import Base
from proofs.fixtures.app import client_key
from proofs.fixtures.custom import MakeApp, borrow
from proofs.resources.answer import Resource, everything
from proofs.resources.rows import Maker, insist, refusal

METHODS = ["GET", "PUT", "PATCH", "DELETE"]
HOSTILE = [
    *("nobody", "-", "~", "...", "%00", "%2F", "a%2Fb", "%2e%2e", "%ff", "a%20b", "é"),
    *("A-Lamp", "a-lamp%0A", "a-lamp%0D%0AX:%20y", "'%20OR%201=1--", "{slug}"),
    *(
        "x" * 100,
        "x" * 101,
        "x" * 10_000,
        quote("ﬁ" * 100),
        "%F0%9F%99%82",
        "%ED%A0%80",
    ),
]
ADDRESSED = [one for one in everything() if one.address]
SLUGGED = [one for one in ADDRESSED if one.address in dict(one.slugs)]
CODED = [one for one in ADDRESSED if any(field.in_paths for field in one.fields)]
MOVING = SLUGGED + [
    one for one in CODED if not one.field(one.address or "").create_only
]
each_addressed = pytest.mark.parametrize("one", ADDRESSED, ids=lambda one: one.name)
each_coded = pytest.mark.parametrize("one", CODED, ids=lambda one: one.name)
each_moving = pytest.mark.parametrize("one", MOVING, ids=lambda one: one.name)


def at(one: Resource, row: dict[str, Any]) -> str:
    """Return where a row is."""
    return f"{one.url}/{row[one.address or 'id']}"


def former(one: Resource) -> Table:
    """Return the table of former addresses."""
    return Base.metadata.tables[f"{one.table.name}_former_addresses"]


def naming(one: Resource, title: str) -> dict[str, str]:
    """Return what gives a row its address, and that where it is no slug of a title."""
    if one in SLUGGED:
        return {"title": title}
    return {one.address or "": title.lower().replace(" ", "-")}


def replacing(one: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Return what of a body a row that is there takes."""
    once = {field.attribute for field in one.fields if field.create_only}
    return {name: value for name, value in body.items() if name not in once}


async def titled(maker: Maker, one: Resource, title: str) -> dict[str, Any]:
    """Create a row of that title."""
    return await maker.create(one, **naming(one, title))


async def rename(
    client: httpx2.AsyncClient, one: Resource, url: str, *titles: str
) -> str:
    """Give a row one title after the other, and return where it is then."""
    for title in titles:
        changed = await client.patch(url, json=naming(one, title))
        assert changed.status_code == 200, changed.text
        url = at(one, changed.json())
    return url


@each_addressed
async def test_a_row_is_read_changed_and_deleted_at_its_address(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    body = await maker.body(one)
    created = await client.post(one.url, json=body)
    url, body = at(one, created.json()), replacing(one, body)
    assert created.headers["Location"] == url
    read = await client.get(url)
    assert (read.json(), read.headers["ETag"]) == (created.json(), '"1"')
    replaced = await client.put(url, json=body, headers={"If-Match": '"1"'})
    assert (replaced.status_code, replaced.json()["id"]) == (200, read.json()["id"])
    for method in METHODS[1:]:
        sent = None if method == "DELETE" else body
        stale = {"If-Match": '"0"'}
        late = await client.request(method, url, json=sent, headers=stale)
        assert late.status_code == 412
    by_id = await client.get(f"{one.url}/{created.json()['id']}")
    assert by_id.status_code == 404
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).status_code == 404


@each_addressed
@pytest.mark.parametrize("method", METHODS)
async def test_where_nothing_is_the_answer_is_that_of_an_id(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, method: str
) -> None:
    url, body = f"{one.url}/nothing-here", replacing(one, await maker.body(one))
    sent = body if method in ("PUT", "PATCH") else None
    missing = await client.request(method, url, json=sent)
    assert missing.status_code == 404
    assert missing.json()["detail"] == f"There is no such {one.name.replace('_', ' ')}."
    if sent:
        wrong = await client.request(method, url, json={**body, "nonsense": 1})
        assert refusal(wrong) == (422, ["nonsense"])


@each_addressed
@pytest.mark.parametrize("method", METHODS)
async def test_hostile_addresses_are_no_errors_of_the_server(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, method: str
) -> None:
    await maker.create(one, **({} if one.numbers else naming(one, "A lamp")))
    body = await maker.body(one)
    for text in HOSTILE:
        for below in ("", "/nothing", "/neighbours", "/replies", "/reservations"):
            target = httpx2.URL(f"http://test{one.url}/{text}{below}")
            sent = body if method in ("PUT", "PATCH") else None
            response = await client.request(method, target, json=sent)
            assert response.status_code in (404, 405, 422), target
            assert response.headers["Content-Type"] == "application/problem+json"
    assert len(await maker.found(one.url)) == 1


@each_moving
async def test_a_former_address_leads_to_the_present_one(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    row = await titled(maker, one, "First")
    first = at(one, row)
    third = await rename(client, one, first, "Second", "Third")
    second = f"{one.url}/second"
    body = await maker.body(one)
    for url in (first, second):
        for method in METHODS:
            sent = body if method in ("PUT", "PATCH") else None
            query = "?a=%2F&b=%C3%A9&a=1"
            moved = await client.request(method, f"{url}{query}", json=sent)
            assert moved.status_code == 308
            assert moved.headers["Location"] == f"{third}{query}"
            assert moved.json()["error_code"] == "permanent_redirect"
            assert moved.headers["Cache-Control"] == "no-store"
    now = (await client.get(third)).json()
    assert (now[one.address or ""], now["id"]) == ("third", row["id"])
    followed = await client.patch(third, json=naming(one, "Fourth"))
    assert followed.json()[one.address] == "fourth"


@each_coded
async def test_a_code_is_what_a_path_can_have_and_round_trips(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    name = one.address or ""
    longest = one.field(name).length
    wrong = [
        "",
        ".",
        "..",
        "-",
        "~",
        "_",
        "a/b",
        "a b",
        "a%2Fb",
        "%2e%2e",
        "é",
        "a\n.b",
    ]
    for code in [*wrong, *sorted(RESERVED), "a?b", "a#b", "a\\b", "{code}", "\ufb01"]:
        refused = await client.post(one.url, json=await maker.body(one, **{name: code}))
        assert refusal(refused) == (422, [name]), code
    for code in ["a..b", "A.-_~", "0", "New", "x" * longest, "a~"]:
        created = await maker.create(one, **{name: f" {code} "})
        assert created[name] == code
        assert (await client.get(at(one, created))).json() == created
        other = await client.get(f"{one.url}/{code.swapcase()}")
        assert other.status_code == (404 if code.swapcase() != code else 200)
        same = await maker.body(one, **{name: code.swapcase()})
        assert refusal(await client.post(one.url, json=same)) == (409, [name])


@each_coded
def test_the_document_tells_what_a_code_is(app: FastAPI, one: Resource) -> None:
    schemas = app.openapi()["components"]["schemas"]
    body = schemas[f"{one.name.title().replace('_', '')}Create"]
    assert body["properties"][one.address]["pattern"] == PATTERN


@each_moving
async def test_an_address_that_a_row_has_again_leads_nowhere_else(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    first = at(one, await titled(maker, one, "First"))
    assert await rename(client, one, first, "Second", "First") == first
    assert (await client.get(first)).status_code == 200
    back = await client.get(f"{one.url}/second")
    assert back.headers["Location"] == first


@each_moving
async def test_a_new_row_takes_a_former_address_over(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    elder = at(one, await titled(maker, one, "Lamp"))
    moved = await rename(client, one, elder, "Chair")
    heir = await titled(maker, one, "Lamp")
    assert at(one, heir) == elder
    assert (await client.get(elder)).json()["id"] == heir["id"]
    later = await rename(client, one, elder, "Table")
    assert (await client.get(elder)).headers["Location"] == later
    assert (await client.delete(later)).status_code == 204
    assert (await client.get(elder)).headers["Location"] == moved


@each_moving
async def test_former_addresses_are_few_and_go_with_the_row(
    client: httpx2.AsyncClient, maker: Maker, session: AsyncSession, one: Resource
) -> None:
    start = at(one, await titled(maker, one, "Name 0"))
    last = await rename(
        client, one, start, *(f"Name {number}" for number in range(1, 24))
    )
    count = select(func.count()).select_from(former(one))
    assert (await session.scalars(count)).one() == 20
    for number in range(23):
        read = await client.get(f"{one.url}/name-{number}")
        assert read.status_code == (404 if number < 3 else 308)
    assert (await client.delete(last)).status_code == 204
    assert (await client.get(f"{one.url}/name-20")).status_code == 404
    left = (await session.scalars(count)).one()
    assert left == (20 if one.soft_delete else 0)


@each_moving
@pytest.mark.committed
async def test_a_row_is_renamed_by_many_at_once(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    first = at(one, await titled(maker, one, "First"))
    titles = [f"Name {number % 4}" for number in range(12)]
    responses = await asyncio.gather(
        *(insist(client, "PATCH", first, naming(one, title)) for title in titles)
    )
    assert {response.status_code for response in responses} <= {200, 308}
    (present,) = (await client.get(one.url)).json()["items"]
    moved = await client.get(first)
    assert moved.headers["Location"] == at(one, present)


@each_moving
async def test_below_the_path_of_a_proxy_a_former_address_leads_there(
    app: FastAPI,
    make_app: MakeApp,
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
) -> None:
    first = at(one, await titled(maker, one, "First"))
    present = await rename(client, one, first, "Second")
    http, below = (
        HttpSettings(allowed_hosts=("test",)),
        ServerSettings(root_path="/shop"),
    )
    shop = borrow(app, make_app(server=below, http=http))
    headers = dict(client.headers)
    if "cookie" in headers:
        headers["cookie"] = headers["cookie"].replace("session=", "session-shop=")
    async with client_key(shop, headers=headers) as caller:
        moved = await caller.get(f"/shop{first}?a=1")
        assert moved.headers["Location"] == f"/shop{present}?a=1"
        assert (await caller.get(moved.headers["Location"])).status_code == 200


@each_addressed
def test_the_document_tells_what_an_address_is(app: FastAPI, one: Resource) -> None:
    name = f"{one.name}_{one.address}"
    paths = app.openapi()["paths"]
    found = {path: item for path, item in paths.items() if f"{{{name}}}" in path}
    assert f"{one.url}/{{{name}}}" in found
    for operation in (one for item in found.values() for one in item.values()):
        (parameter,) = (one for one in operation["parameters"] if one["name"] == name)
        assert parameter["in"] == "path"
        assert parameter["required"] is True
        assert parameter["schema"]["maxLength"] == 100
        assert parameter["description"]
        assert ("308" in operation["responses"]) == (one in MOVING)
    assert not [path for path in paths if f"{{{one.name}_id}}" in path]
