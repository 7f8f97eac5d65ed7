"""Fields that no client sets, that are set once, or that are never shown."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.core.resource.service import ResourceService
from proofs.resources.answer import Field, Resource, guarded
from proofs.resources.rows import Maker, refusal
from proofs.resources.values import refused, value

CANARY = "zkq-canary-93"


def fields_of(kind: Callable[[Field], bool]) -> pytest.MarkDecorator:
    """Return a mark for each field of a kind, of each resource that has such fields."""
    pairs = [
        pytest.param(one, field, id=f"{one.name}-{field.name}")
        for one in guarded()
        for field in one.fields
        if kind(field)
    ]
    return pytest.mark.parametrize(("one", "field"), pairs)


each_guarded = pytest.mark.parametrize("one", guarded(), ids=lambda one: one.name)
read_only = fields_of(lambda field: field.read_only and not field.to)
create_only = fields_of(lambda field: field.create_only)
write_only = fields_of(lambda field: field.write_only)
keepable = fields_of(lambda field: field.write_only and not field.create_only)


async def stored(session: AsyncSession, one: Resource, row: dict[str, Any]) -> Any:
    """Return a row as its table has it."""
    own = one.table.c.id == one.key(row)
    found = await session.execute(select(one.table).where(own))
    return dict(zip(one.table.columns.keys(), found.one(), strict=True))


async def replacement(maker: Maker, one: Resource, **values: Any) -> dict[str, Any]:
    """Return what `PUT` takes: nothing that is set once."""
    body = await maker.body(one, **values)
    once = {field.attribute for field in one.fields if field.create_only}
    return {name: given for name, given in body.items() if name not in once}


@fields_of(lambda field: field.read_only)
async def test_only_the_server_sets_what_is_read_only(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    row = await maker.create(one)
    own = row["id"] if field.to else value(field, 3)
    url, sent = f"{one.url}/{row['id']}", {field.attribute: own}
    for response in (
        await client.post(one.url, json=await maker.body(one) | sent),
        await client.put(url, json=await replacement(maker, one) | sent),
        await client.patch(url, json=sent),
        await client.patch(url, json={field.attribute: None}),
    ):
        assert refusal(response) == (422, [field.attribute])
    assert row[field.attribute] == field.default
    assert await maker.read(one, row) == row


@read_only
async def test_what_is_read_only_can_be_sorted_and_filtered_by(
    maker: Maker, session: AsyncSession, one: Resource, field: Field
) -> None:
    rows = [await maker.create(one) for _ in "ab"]
    first, last = (row["id"] for row in rows)
    table, name = one.table, field.attribute
    is_last = table.c.id == one.key(rows[1])
    given = {"decimal": 7, "int": 7, "str": "seven", "enum": "seen", "list": [7]}
    moment = rows[1]["created_at"]
    at = select(table.c.created_at).where(is_last).scalar_subquery()
    new = at if field.type == "datetime" else given[field.type]
    await session.execute(update(table).where(is_last).values({name: new}))
    session.expire_all()
    ways = {"": "", "in": "__in", "gte": "__gte"}
    shown = moment if field.type == "datetime" else given[field.type]
    shown = shown[0] if field.of else shown
    for way in ways.keys() & set(field.filters):
        assert await maker.found(one.url, f"{name}{ways[way]}={shown}") == [last]
    if field.is_sortable:
        down = await maker.found(one.url, f"sort=-{field.name}")
        assert down == [last, first]


@create_only
async def test_what_is_set_once_is_in_no_change(
    client: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    field: Field,
) -> None:
    own = await maker.parent(field) if field.to else value(field, 5)
    row = await maker.create(one, **{field.attribute: own})
    before = await stored(session, one, row)
    url, sent = f"{one.url}/{row['id']}", {field.attribute: own}
    for response in (
        await client.put(url, json=await replacement(maker, one) | sent),
        await client.patch(url, json=sent),
        await client.patch(url, json={field.attribute: None}),
    ):
        assert refusal(response) == (422, [field.attribute])
    replaced = await client.put(url, json=await replacement(maker, one))
    assert replaced.status_code == 200, replaced.text
    session.expire_all()
    after = await stored(session, one, row)
    assert after[field.attribute] == before[field.attribute] != field.default
    if not field.write_only:
        assert replaced.json()[field.attribute] == own
        sought = own[0] if field.of else own
        found = await maker.found(one.url, f"{field.attribute}={sought}")
        assert found == [row["id"]]


async def site(client: httpx2.AsyncClient) -> Any:
    """Create what a guarded field refers to."""
    made = await client.post("/api/v1/sites", json={"name": CANARY})
    return made.json()["id"]


@create_only
async def test_what_is_set_once_is_checked_as_it_is_set(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    for wrong in refused(field):
        sent = await maker.body(one, **{field.attribute: wrong})
        response = await client.post(one.url, json=sent)
        assert refusal(response) == (422, [field.attribute]), wrong


@write_only
async def test_what_is_write_only_is_written(
    client: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    field: Field,
) -> None:
    row = await maker.create(one, **{field.attribute: value(field, 5)})
    url, seen = f"{one.url}/{row['id']}", [await stored(session, one, row)]
    if field.create_only:
        assert seen[0][field.attribute] == value(field, 5)
        return
    put = await replacement(maker, one, **{field.attribute: value(field, 6)})
    for method, body in (("PUT", put), ("PATCH", {field.attribute: value(field, 7)})):
        changed = await client.request(method, url, json=body)
        assert changed.status_code == 200, changed.text
        assert changed.json()["updated_at"] > row["updated_at"]
        session.expire_all()
        seen.append(await stored(session, one, row))
    assert len({str(one[field.attribute]) for one in seen}) == 3


@keepable
async def test_a_replacement_without_it_keeps_what_is_write_only(
    client: httpx2.AsyncClient,
    maker: Maker,
    session: AsyncSession,
    one: Resource,
    field: Field,
) -> None:
    row = await maker.create(one, **{field.attribute: value(field, 5)})
    before, url = await stored(session, one, row), f"{one.url}/{row['id']}"
    body = await replacement(maker, one)
    body.pop(field.attribute, None)
    assert (await client.put(url, json=body)).status_code == 200
    session.expire_all()
    after = await stored(session, one, row)
    assert after[field.attribute] == before[field.attribute] != field.default
    emptied = await client.put(url, json=body | {field.attribute: None})
    if not field.optional:
        assert refusal(emptied) == (422, [field.attribute])
        return
    assert emptied.status_code == 200, emptied.text
    session.expire_all()
    assert (await stored(session, one, row))[field.attribute] is None


@write_only
async def test_nothing_tells_what_is_write_only(
    client: httpx2.AsyncClient, maker: Maker, one: Resource, field: Field
) -> None:
    own = CANARY[:12] if field.type in ("str", "text") else value(field, 5)
    body = await maker.body(one, **{field.attribute: own})
    key = {"Idempotency-Key": "once"}
    with capture_logs() as log:
        first = await client.post(one.url, json=body, headers=key)
        assert first.status_code == 201, first.text
        row, url = first.json(), f"{one.url}/{first.json()['id']}"
        put = await replacement(maker, one, **{field.attribute: own})
        change = {} if field.create_only else {field.attribute: own}
        answers = [
            first,
            await client.post(one.url, json=body, headers=key),
            await client.get(url),
            await client.put(url, json=put),
            await client.patch(url, json=change),
            await client.post(one.url, json=body | {"unheard_of": 1}),
            await client.post(one.url, json=body | {field.attribute: [own]}),
            await client.get(f"{one.url}?limit=1"),
        ]
    for response in answers:
        assert field.attribute not in (response.json() if response.is_success else {})
        assert CANARY[:12] not in response.text
    assert CANARY[:12] not in str(log)
    assert field.attribute not in answers[-1].json()["items"][0]
    for query in (
        f"sort={field.name}",
        f"{field.attribute}={own}",
        f"{field.attribute}__in={own}",
        f"{field.attribute}__isnull=true",
        f"{field.attribute}__gte={own}",
    ):
        response = await client.get(f"{one.url}?{query}")
        assert response.status_code == 422, query
    assert row == (await client.get(url)).json() | {"updated_at": row["updated_at"]}


@each_guarded
async def test_the_document_says_who_sets_and_who_sees_a_field(
    client: httpx2.AsyncClient, one: Resource
) -> None:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    class_ = one.name.replace("_", " ").title().replace(" ", "")
    known = {
        kind: schemas[f"{class_}{kind}"]["properties"]
        for kind in ("Create", "Replace", "Update", "Read")
    }
    for field in one.fields:
        name = field.attribute
        assert (name in known["Create"]) == (not field.read_only)
        for kind in ("Replace", "Update"):
            assert (name in known[kind]) == (not field.read_only | field.create_only)
        assert (name in known["Read"]) == (not field.write_only)
        shown = known["Read"].get(name, {}).get("readOnly", False)
        assert shown == field.read_only
        for kind in ("Create", "Replace", "Update"):
            if name in known[kind]:
                mark = known[kind][name].get("writeOnly", False)
                assert (kind, name, mark) == (kind, name, field.write_only)
    summary = schemas.get(f"{class_}Summary", {"properties": {}})["properties"]
    hidden = {field.attribute for field in one.fields if field.write_only}
    assert not hidden & summary.keys()


@fields_of(lambda field: field.read_only and field.type == "int")
async def test_a_service_sets_what_no_client_does(
    client: httpx2.AsyncClient,
    maker: Maker,
    one: Resource,
    field: Field,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = next(
        each for each in services() if each.repository.model.__table__ is one.table
    )
    checked = service.check

    async def check(self: Any, values: dict[str, Any]) -> None:
        await checked(self, values)
        values[field.attribute] = len(values)

    monkeypatch.setattr(service, "check", check)
    row = await maker.create(one)
    assert row[field.attribute] > 1
    changed = await client.patch(f"{one.url}/{row['id']}", json={})
    assert changed.json()[field.attribute] == 0


def services() -> list[type[ResourceService[Any]]]:
    """Return the services of all resources."""
    found, left = [], [ResourceService]
    while left:
        one: Any = left.pop()
        left += one.__subclasses__()
        found += [one] if one.__module__.startswith("app.services") else []
    return found


@pytest.mark.parametrize(
    "one", [one for one in guarded() if one.rules], ids=lambda one: one.name
)
async def test_a_change_keeps_rules_about_what_is_set_once(
    client: httpx2.AsyncClient, maker: Maker, one: Resource
) -> None:
    first, last = one.field("begins_on"), one.field("ends_on")
    days = {"begins_on": value(first, 3), "ends_on": value(last, 5)}
    wrong = await maker.body(one, begins_on=value(first, 3), ends_on=value(last, 2))
    assert refusal(await client.post(one.url, json=wrong)) == (422, ["ends_on"])
    row = await maker.create(one, **days, kind="other", reason="A fair.")
    url = f"{one.url}/{row['id']}"
    body = await replacement(maker, one, ends_on=days["ends_on"], reason="A fair.")
    for sent, name in (
        ({"ends_on": value(last, 2)}, "ends_on"),
        ({"reason": None}, "reason"),
    ):
        for response in (
            await client.put(url, json=body | sent),
            await client.patch(url, json=sent),
        ):
            assert refusal(response) == (422, [name])
    assert await maker.read(one, row) == row
    sent = {"ends_on": value(last, 4)}
    for response in (
        await client.put(url, json=body | sent),
        await client.patch(url, json=sent),
    ):
        assert response.status_code == 200, response.text
