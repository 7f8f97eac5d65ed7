"""Administrating users."""

import asyncio
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.crud import unit_of_work_factory
from app.accounts.models import User
from app.accounts.scopes import Role
from proofs.accounts.calls import ME, USERS, attempt
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser


async def change(
    client: httpx2.AsyncClient, user: User, **values: object
) -> httpx2.Response:
    return await client.patch(f"{USERS}/{user.id}", json=values)


async def test_users_are_listed_a_page_at_a_time(
    admin_client: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    users = [await make_user(email=f"{name}@example.com") for name in "cab"]
    query = {"sort": "email", "limit": "2", "email__contains": "@EXAMPLE"}
    page = (await admin_client.get(USERS, params=query)).json()
    assert [user["email"] for user in page["items"]] == [
        "a@example.com",
        "b@example.com",
    ]
    assert (page["total"], page["has_more"]) == (4, True)
    assert page["items"][0]["id"] == str(users[1].id)


async def test_a_user_is_read_by_id(
    admin_client: httpx2.AsyncClient, user: User
) -> None:
    response = await admin_client.get(f"{USERS}/{user.id}")
    assert response.status_code == 200
    assert (response.json()["id"], response.json()["email"]) == (
        str(user.id),
        user.email,
    )
    assert (await admin_client.get(f"{USERS}/{uuid4()}")).status_code == 404
    assert (await admin_client.patch(f"{USERS}/{uuid4()}", json={})).status_code == 404
    assert (await admin_client.get(f"{USERS}/none")).status_code == 422


async def test_a_role_takes_effect_on_the_next_call(
    admin_client: httpx2.AsyncClient, client: httpx2.AsyncClient, user: User
) -> None:
    assert (await client.get(USERS)).status_code == 403
    assert (await change(admin_client, user, role="admin")).json()["role"] == "admin"
    assert (await client.get(USERS)).status_code == 200
    assert (await change(admin_client, user, role="user")).status_code == 200
    assert (await client.get(USERS)).status_code == 403


async def test_disabling_a_user_ends_all_sessions_for_good(
    admin_client: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    user: User,
) -> None:
    disabled = await change(admin_client, user, is_active=False)
    assert (disabled.status_code, disabled.json()["is_active"]) == (200, False)
    assert (await client.get(ME)).status_code == 401
    assert (await attempt(anonymous, user.username)).status_code == 401
    assert (await change(admin_client, user, is_active=True)).status_code == 200
    assert (await client.get(ME)).status_code == 401
    assert (await attempt(anonymous, user.username)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", str(uuid4())),
        ("is_superuser", True),
        ("is_verified", True),
        ("hashed_password", "!"),
        ("password", "Seven-Chairs-In-A-Row"),
        ("email", "eve@example.com"),
        ("username", "eve"),
    ],
)
async def test_administrators_change_nothing_else(
    admin_client: httpx2.AsyncClient, user: User, field: str, value: object
) -> None:
    before = (await admin_client.get(f"{USERS}/{user.id}")).json()
    response = await change(admin_client, user, role="admin", **{field: value})
    assert response.status_code == 422
    assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert (await admin_client.get(f"{USERS}/{user.id}")).json() == before


@pytest.mark.parametrize(
    "body",
    [{"role": "owner"}, {"role": None}, {"is_active": None}, {"is_active": "maybe"}],
)
async def test_values_that_mean_nothing_are_refused(
    admin_client: httpx2.AsyncClient, user: User, body: dict[str, str | None]
) -> None:
    response = await change(admin_client, user, **body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == list(body)


@pytest.mark.parametrize("body", [{"role": "user"}, {"is_active": False}])
async def test_the_last_administrator_stays_one(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, body: dict[str, object]
) -> None:
    admin = await make_user(role=Role.ADMIN)
    await make_user(role=Role.ADMIN, is_active=False)
    async with client_key(app, headers=await log_in(admin)) as client:
        refused = await change(client, admin, **body)
        assert (refused.status_code, refused.json()["error_code"]) == (409, "conflict")
        assert (await client.get(USERS)).status_code == 200
        await make_user(is_superuser=True)
        assert (await change(client, admin, **body)).status_code == 200


@pytest.mark.committed
async def test_of_two_administrators_who_demote_each_other_one_remains(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, session: AsyncSession
) -> None:
    one, other = [await make_user(role=Role.ADMIN) for _ in range(2)]
    headers = {one: await log_in(one), other: await log_in(other)}
    async with client_key(app) as client:

        async def demote(caller: User, victim: User) -> int:
            url = f"{USERS}/{victim.id}"
            response = await client.patch(
                url, json={"role": "user"}, headers=headers[caller]
            )
            return response.status_code

        statuses = await asyncio.gather(demote(one, other), demote(other, one))
    # The second is refused as no administrator any more, or as the last one.
    assert sorted(statuses) in ([200, 403], [200, 409])
    admins = await session.scalars(select(User.id).where(User.role == Role.ADMIN))
    assert len(admins.all()) == 1


@pytest.mark.committed
async def test_whoever_looks_for_other_administrators_waits_for_those_who_leave(
    sessions: async_sessionmaker[AsyncSession], make_user: MakeUser
) -> None:
    one, other = [await make_user(role=Role.ADMIN) for _ in range(2)]
    begin = unit_of_work_factory(sessions)

    async def find_admins() -> set[UUID]:
        async with begin() as unit:
            return await unit.users.lock_admins(one.id)

    async with begin() as unit:
        assert await unit.users.lock_admins(one.id) == {one.id, other.id}
        second = asyncio.create_task(find_admins())
        done, _ = await asyncio.wait([second], timeout=0.1)
        assert not done
        leaving = await unit.users.get(one.id)
        assert leaving
        await unit.users.update(leaving, {"role": Role.USER})
    assert await second == {other.id}


async def test_only_a_superuser_changes_a_superuser(
    app: FastAPI, admin_client: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    victim, superuser = [await make_user(is_superuser=True) for _ in range(2)]
    for body in ({"is_active": False}, {"role": "admin"}, {}):
        assert (await change(admin_client, victim, **body)).status_code == 403
    async with client_key(app, headers=await log_in(superuser)) as client:
        assert (await change(client, victim, is_active=False)).status_code == 200


async def test_a_narrow_session_of_a_superuser_changes_no_superuser(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> None:
    victim, superuser = [await make_user(is_superuser=True) for _ in range(2)]
    headers = await log_in(superuser, scope="data:read data:write users:admin")
    async with client_key(app, headers=headers) as client:
        for body in ({"is_active": False}, {"role": "user"}, {}):
            assert (await change(client, victim, **body)).status_code == 403
