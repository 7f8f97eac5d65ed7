"""Rows belong to their users: for everybody else they do not exist."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.core.resource.repository import Scope
from proofs.accounts.calls import ME
from proofs.fixtures.users import LogIn, MakeOwnedSample, MakeUser
from proofs.sample.owned.dependencies import OwnedSampleRepository
from proofs.sample.owned.models import OwnedSample, OwnedSamplePart

URL = "/owned-samples"
BODIES: dict[str, Any] = {"PUT": {"name": "Mine now"}, "PATCH": {"name": "Mine now"}}


@pytest.fixture
async def other(make_user: MakeUser, log_in: LogIn) -> dict[str, str]:
    """Give the headers of somebody else: a superuser, who may do everything but this."""
    return await log_in(await make_user(is_superuser=True))


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_somebody_elses_row_is_not_found_and_stays_as_it_is(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    other: dict[str, str],
    method: str,
) -> None:
    sample = await make_owned_sample()
    url, body = f"{URL}/{sample.id}", BODIES.get(method)
    before = (await client.get(url)).json()
    hidden = await client.request(method, url, headers=other, json=body)
    unknown = await client.request(method, f"{URL}/{uuid4()}", headers=other, json=body)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"] == unknown.json()["detail"]
    assert (await client.get(url)).json() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_without_credentials_a_row_is_neither_found_nor_changed(
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    method: str,
) -> None:
    url = f"{URL}/{(await make_owned_sample()).id}"
    before = (await client.get(url)).json()
    response = await anonymous.request(method, url, json=BODIES.get(method))
    assert response.status_code == 401
    assert (await client.get(url)).json() == before


async def test_a_list_shows_and_counts_the_callers_rows_alone(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    other: dict[str, str],
) -> None:
    for name in ("Lamp", "Shelf"):
        await make_owned_sample(name=name)
    await client.post(URL, json={"name": "Lamp"}, headers=other)
    assert (await client.get(URL)).json()["total"] == 2
    for query in (
        "",
        "?name__contains=lamp",
        "?skip=1&total=true",
        "?limit=1&total=true",
    ):
        page = (await client.get(f"{URL}{query}", headers=other)).json()
        assert page["total"] == 1
        assert {sample["name"] for sample in page["items"]} <= {"Lamp"}


@pytest.mark.parametrize("query", ["owner_id=1", "sort=owner_id", "owner_id__gte=1"])
async def test_an_owner_is_nothing_to_filter_or_sort_by(
    client: httpx2.AsyncClient, query: str
) -> None:
    assert (await client.get(f"{URL}?{query}")).status_code == 422


async def test_two_users_may_use_the_same_name(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    other: dict[str, str],
) -> None:
    await make_owned_sample(name="Lamp")
    created = await client.post(URL, json={"name": "Shelf"}, headers=other)
    url = created.headers["Location"]
    renamed = await client.patch(url, json={"name": "LAMP"}, headers=other)
    assert renamed.status_code == 200
    again = await client.post(URL, json={"name": "lamp"}, headers=other)
    assert again.status_code == 409
    assert list(again.json()["field_errors"]) == ["name"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("field", ["owner_id", "id", "created_at"])
async def test_nobody_can_name_an_owner(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    make_user: MakeUser,
    method: str,
    field: str,
) -> None:
    url = URL if method == "POST" else f"{URL}/{(await make_owned_sample()).id}"
    body = {"name": "Lamp", field: str((await make_user()).id)}
    response = await client.request(method, url, json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]


async def test_a_created_row_belongs_to_its_maker_and_does_not_say_so(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    response = await client.post(URL, json={"name": "Lamp"})
    assert str(user.id) not in response.text
    assert (await session.scalars(select(OwnedSample.owner_id))).all() == [user.id]


async def test_rows_go_with_their_user(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    other: dict[str, str],
    session: AsyncSession,
) -> None:
    await make_owned_sample()
    await client.post(URL, json={"name": "Lamp"}, headers=other)
    assert (await client.delete(ME)).status_code == 204
    assert await session.scalar(select(func.count()).select_from(OwnedSample)) == 1
    assert (await client.get(URL, headers=other)).json()["total"] == 1


async def test_rows_that_others_refer_to_go_with_their_user(
    client: httpx2.AsyncClient,
    make_owned_sample: MakeOwnedSample,
    user: User,
    session: AsyncSession,
) -> None:
    sample = await make_owned_sample()
    first, second = (
        OwnedSamplePart(owner_id=user.id, owned_sample_id=sample.id) for _ in range(2)
    )
    session.add_all([first, second])
    await session.flush()
    first.twin_id, second.twin_id = second.id, first.id
    await session.commit()
    assert (await client.delete(f"{URL}/{sample.id}")).status_code == 409
    assert (await client.delete(ME)).status_code == 204
    for model in (OwnedSample, OwnedSamplePart):
        assert await session.scalar(select(func.count()).select_from(model)) == 0


async def test_a_repository_of_rows_with_owners_demands_one(
    session: AsyncSession,
) -> None:
    with pytest.raises(RuntimeError, match="owners"):
        OwnedSampleRepository(session, Scope())
