"""Rows that refer to users: who is named, who may be chosen, what others learn, what goes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.models import User
from app.core.resource import repository
from proofs.accounts.calls import ME
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser
from proofs.resources.answer import Field, Resource, everything, peopled
from proofs.resources.rows import refusal
from proofs.resources.values import value

RULES = {"cascade": "CASCADE", "set_null": "SET NULL"}
PART, ROWS = 2, 5


def users_of(kind: Callable[[Field], bool]) -> pytest.MarkDecorator:
    """Return a mark for each field that refers to users and is of a kind."""
    pairs = [
        pytest.param(one, field, id=f"{one.name}-{field.name}")
        for one in peopled()
        for field in one.users
        if kind(field)
    ]
    return pytest.mark.parametrize(("one", "field"), pairs)


each_user = users_of(lambda _: True)
read_only = users_of(lambda field: field.read_only)
chosen = users_of(lambda field: not field.read_only)


class Person:
    """A user with a client of its own."""

    numbers = iter(range(10, 100_000))

    def __init__(self, user: User, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.id = str(user.id)
        self.shown = {"id": self.id, "username": user.username}

    async def body(self, one: Resource, **values: Any) -> dict[str, Any]:
        """Return a body that creates a row; who must be chosen is this one."""
        n, body = next(self.numbers), dict[str, Any]()
        for field in one.fields:
            if field.read_only or field.optional or field.attribute in values:
                continue
            if field.is_user:
                body[field.attribute] = self.id
            elif field.to:
                parent = next(each for each in everything() if each.name == field.to)
                body[field.attribute] = (await self.make(parent))["id"]
            else:
                body[field.attribute] = value(field, n)
        return body | values

    async def make(self, one: Resource, **values: Any) -> dict[str, Any]:
        """Create a row, and return how the API shows it."""
        made = await self.client.post(one.url, json=await self.body(one, **values))
        assert made.status_code == 201, made.text
        row: dict[str, Any] = made.json()
        return row

    async def found(self, one: Resource, query: str) -> list[str]:
        """Return the ids of the rows of a list."""
        page = await self.client.get(f"{one.url}?{query}")
        assert page.status_code == 200, page.text
        return [row["id"] for row in page.json()["items"]]


async def replacement(person: Person, one: Resource, **values: Any) -> dict[str, Any]:
    """Return what `PUT` takes."""
    body = await person.body(one)
    once = {field.attribute for field in one.fields if field.create_only}
    return {name: given for name, given in body.items() if name not in once} | values


@pytest.fixture
async def people(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> AsyncIterator[list[Person]]:
    """Return three users."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(3):
            user = await make_user(full_name="Grace Hopper")
            client = client_key(app, headers=await log_in(user))
            found.append(Person(user, await stack.enter_async_context(client)))
        yield found


@read_only
async def test_who_makes_a_row_is_named_for_good(
    people: list[Person], one: Resource, field: Field
) -> None:
    maker, other, _ = people
    row = await maker.make(one)
    assert (row[field.attribute], row[field.name]) == (maker.id, maker.shown)
    url, sent = f"{one.url}/{row['id']}", {field.attribute: other.id}
    for response in (
        await maker.client.post(one.url, json=await maker.body(one) | sent),
        await maker.client.put(url, json=await replacement(maker, one, **sent)),
        await maker.client.patch(url, json=sent),
        await maker.client.patch(url, json={field.attribute: None}),
    ):
        assert refusal(response) == (422, [field.attribute])
    changer = maker if one.owned else other
    for response in (
        await changer.client.put(url, json=await replacement(maker, one)),
        await changer.client.patch(url, json={}),
    ):
        assert response.status_code == 200, response.text
        assert response.json()[field.name] == maker.shown


@chosen
async def test_a_client_chooses_somebody_who_can_log_in(
    people: list[Person], session: AsyncSession, one: Resource, field: Field
) -> None:
    maker, other, disabled = people
    row = await maker.make(one, **{field.attribute: other.id})
    assert (row[field.attribute], row[field.name]) == (other.id, other.shown)
    user = await session.get_one(User, UUID(disabled.id))
    user.is_active = False
    await session.commit()
    url, seen = f"{one.url}/{row['id']}", []
    for nobody in (str(uuid4()), disabled.id):
        sent = {field.attribute: nobody}
        answers = [await maker.client.post(one.url, json=await maker.body(one, **sent))]
        if not field.create_only:
            body = await replacement(maker, one, **sent)
            answers.append(await maker.client.put(url, json=body))
            answers.append(await maker.client.patch(url, json=sent))
        for response in answers:
            assert refusal(response) == (409, [field.attribute])
            seen.append(response.json()["detail"])
    # Whether there is nobody, or somebody who is disabled, makes no difference.
    assert set(seen) == {"There is no such user."}
    assert (await maker.client.get(url)).json() == row


@each_user
async def test_a_user_who_is_disabled_is_shown_on(
    people: list[Person], session: AsyncSession, one: Resource, field: Field
) -> None:
    maker, other, _ = people
    named, reader = (maker, other) if field.read_only else (other, maker)
    sent = {} if field.read_only else {field.attribute: named.id}
    row = await maker.make(one, **sent)
    user = await session.get_one(User, UUID(named.id))
    user.is_active = False
    await session.commit()
    if not one.owned or reader is maker:
        shown = await reader.client.get(f"{one.url}/{row['id']}")
        assert shown.json()[field.name] == named.shown


@each_user
async def test_others_learn_a_name_and_no_address(
    people: list[Person], one: Resource, field: Field
) -> None:
    maker, other, _ = people
    sent = {} if field.read_only else {field.attribute: other.id}
    row = await maker.make(one, **sent)
    assert row[field.name].keys() == {"id", "username"}
    for response in (
        await maker.client.get(f"{one.url}/{row['id']}"),
        await maker.client.get(one.url),
    ):
        for secret in ("@example.com", "Grace", "hashed", "superuser"):
            assert secret not in response.text
    for name in ("email", "username", "role"):
        for query in (f"{field.name}__{name}=a", f"sort={field.name}"):
            assert (await maker.client.get(f"{one.url}?{query}")).status_code == 422


@each_user
async def test_lists_are_filtered_by_users(
    people: list[Person], one: Resource, field: Field
) -> None:
    maker, other, third = people
    reader = third if not one.owned else maker
    rows = []
    for person in (maker, other):
        makes = person if field.read_only else maker
        own = {} if field.read_only else {field.attribute: person.id}
        rows.append((await makes.make(one, **own))["id"])
    name = field.attribute
    own = rows[:1] if one.owned and field.read_only else rows
    assert await reader.found(one, f"{name}={maker.id}") == rows[:1]
    assert await reader.found(one, f"{name}={third.id}") == []
    both = f"{name}__in={maker.id}&{name}__in={other.id}"
    assert await reader.found(one, both) == own[::-1]
    assert await reader.found(one, f"{name}__ne={maker.id}") == own[1:]
    if field.optional:
        assert await reader.found(one, f"{name}__isnull=false") == own[::-1]
    response = await reader.client.get(f"{one.url}?{name}=1")
    assert refusal(response) == (422, [name])


@each_user
async def test_users_of_more_rows_take_no_more_statements(
    people: list[Person], one: Resource, field: Field, statements: list[str]
) -> None:
    for person in people:
        makes = person if not one.owned else people[0]
        own = {} if field.read_only else {field.attribute: person.id}
        await makes.make(one, **own)
    counts = []
    for limit in (1, 100):
        statements.clear()
        await people[0].found(one, f"total=false&limit={limit}")
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("one", peopled(), ids=lambda one: one.name)
async def test_users_have_what_is_unique_each_for_themselves(
    people: list[Person], one: Resource
) -> None:
    maker, other, _ = people
    for group in one.unique:
        made_by = [field for field in group if field.is_user and field.read_only]
        sent = {
            field.attribute: maker.id if field.is_user else value(field, 3)
            for field in group
            if field not in made_by
        }
        await maker.make(one, **sent)
        again = await maker.client.post(one.url, json=await maker.body(one, **sent))
        assert refusal(again) == (409, [field.attribute for field in group])
        if made_by or one.owned:
            await other.make(one, **sent)


@each_user
async def test_the_table_says_what_happens_with_an_account(
    one: Resource, field: Field
) -> None:
    column = one.table.c[field.attribute]
    (key,) = column.foreign_keys
    assert key.column is User.__table__.c.id
    rule = "set_null" if field.optional else "cascade"
    given = field.on_delete if field.on_delete != "restrict" else rule
    assert key.ondelete == RULES[given]
    assert column.nullable == field.optional


@pytest.mark.committed
@each_user
async def test_an_account_goes_in_parts_and_nobody_else_keeps_it(
    people: list[Person],
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    monkeypatch: pytest.MonkeyPatch,
    one: Resource,
    field: Field,
) -> None:
    leaving, staying, _ = people
    maker = leaving if field.read_only else staying
    sent = {} if field.read_only else {field.attribute: leaving.id}
    others = (
        [] if field.unique else [await maker.make(one, **sent) for _ in range(ROWS)]
    )
    rows = [*others, await maker.make(one, **sent)]
    kept = await staying.make(one)
    if one.name == "report":
        # What others say of a row, and what is only marked as deleted.
        said = next(each for each in everything() if each.name == "opinion")
        for person in people:
            opinion = await person.make(said, report_id=rows[0]["id"])
            await person.client.delete(f"{said.url}/{opinion['id']}")
            await person.make(said, report_id=rows[0]["id"])
    counts, engine = [0], sessions.kw["bind"].sync_engine
    monkeypatch.setattr(repository, "PART", PART)

    def count(_c: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(("DELETE", "UPDATE")) and one.table.name in sql:
            counts.append(cursor.rowcount)

    event.listen(engine, "after_cursor_execute", count)
    try:
        response = await leaving.client.delete(ME)
    finally:
        event.remove(engine, "after_cursor_execute", count)
    assert response.status_code == 204, response.text
    assert max(counts) <= PART
    assert sum(counts) >= len(rows)
    session.expire_all()
    assert await session.get(User, UUID(leaving.id)) is None
    stays = (
        field.optional
        and field.on_delete != "cascade"
        and not (one.owned and field.read_only)
        and not any(
            each.read_only and not each.optional
            for each in one.users
            if maker is leaving
        )
    )
    for row in rows:
        own = one.table.c.id == one.key(row)
        found = (await session.execute(select(one.table).where(own))).mappings().all()
        assert len(found) == int(stays)
        assert all(each[field.attribute] is None for each in found)
    count_kept = select(func.count()).where(one.table.c.id == one.key(kept))
    assert await session.scalar(count_kept) == 1
