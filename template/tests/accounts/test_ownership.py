"""Items belong to their users: for everybody else they do not exist."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.item import Item
from app.models.user import User
from tests.accounts.calls import ME
from tests.fixtures.items import MakeItem
from tests.fixtures.users import LogIn, MakeUser

ITEMS = "/api/v1/items"
BODIES: dict[str, Any] = {"PUT": {"name": "Mine now"}, "PATCH": {"name": "Mine now"}}


@pytest.fixture
async def other(make_user: MakeUser, log_in: LogIn) -> dict[str, str]:
    """Give the headers of somebody else: a superuser, who may do everything but this."""
    return await log_in(await make_user(is_superuser=True))


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_somebody_elses_item_is_not_found_and_stays_as_it_is(
    client: httpx2.AsyncClient, make_item: MakeItem, other: dict[str, str], method: str
) -> None:
    item = await make_item()
    url, body = f"{ITEMS}/{item.id}", BODIES.get(method)
    before = (await client.get(url)).json()
    hidden = await client.request(method, url, headers=other, json=body)
    unknown = await client.request(method, f"{ITEMS}/{uuid4()}", headers=other, json=body)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    assert (await client.get(url)).json() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_without_credentials_an_item_is_neither_found_nor_changed(
    client: httpx2.AsyncClient, anonymous: httpx2.AsyncClient, make_item: MakeItem, method: str
) -> None:
    url = f"{ITEMS}/{(await make_item()).id}"
    before = (await client.get(url)).json()
    response = await anonymous.request(method, url, json=BODIES.get(method))
    assert response.status_code == 401
    assert (await client.get(url)).json() == before


async def test_a_list_shows_and_counts_the_callers_items_alone(
    client: httpx2.AsyncClient, make_item: MakeItem, other: dict[str, str]
) -> None:
    for name in ("Lamp", "Shelf"):
        await make_item(name=name)
    await client.post(ITEMS, json={"name": "Lamp"}, headers=other)
    assert (await client.get(ITEMS)).json()["total"] == 2
    for query in ("", "?name__contains=lamp", "?skip=1&total=true", "?limit=1&total=true"):
        page = (await client.get(f"{ITEMS}{query}", headers=other)).json()
        assert page["total"] == 1
        assert {item["name"] for item in page["items"]} <= {"Lamp"}


@pytest.mark.parametrize("query", ["owner_id=1", "sort=owner_id", "owner_id__gte=1"])
async def test_an_owner_is_nothing_to_filter_or_sort_by(
    client: httpx2.AsyncClient, query: str
) -> None:
    assert (await client.get(f"{ITEMS}?{query}")).status_code == 422


async def test_two_users_may_use_the_same_name(
    client: httpx2.AsyncClient, make_item: MakeItem, other: dict[str, str]
) -> None:
    await make_item(name="Lamp")
    created = await client.post(ITEMS, json={"name": "Shelf"}, headers=other)
    url = created.headers["Location"]
    renamed = await client.patch(url, json={"name": "LAMP"}, headers=other)
    assert renamed.status_code == 200
    again = await client.post(ITEMS, json={"name": "lamp"}, headers=other)
    assert again.status_code == 409
    assert list(again.json()["field_errors"]) == ["name"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("field", ["owner_id", "id", "created_at"])
async def test_nobody_can_name_an_owner(
    client: httpx2.AsyncClient,
    make_item: MakeItem,
    make_user: MakeUser,
    method: str,
    field: str,
) -> None:
    url = ITEMS if method == "POST" else f"{ITEMS}/{(await make_item()).id}"
    body = {"name": "Lamp", field: str((await make_user()).id)}
    response = await client.request(method, url, json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]


async def test_a_created_item_belongs_to_its_maker_and_does_not_say_so(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    response = await client.post(ITEMS, json={"name": "Lamp"})
    assert str(user.id) not in response.text
    assert (await session.scalars(select(Item.owner_id))).all() == [user.id]


async def test_items_go_with_their_user(
    client: httpx2.AsyncClient,
    make_item: MakeItem,
    other: dict[str, str],
    session: AsyncSession,
) -> None:
    await make_item()
    await client.post(ITEMS, json={"name": "Lamp"}, headers=other)
    assert (await client.delete(ME)).status_code == 204
    assert await session.scalar(select(func.count()).select_from(Item)) == 1
    assert (await client.get(ITEMS, headers=other)).json()["total"] == 1
