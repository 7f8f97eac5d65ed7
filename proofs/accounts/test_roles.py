"""Roles: nobody gives away more than the own one, and somebody can always administrate."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.scopes import ADMIN_ROLES, ROLE_SCOPES, Role
from proofs.accounts.calls import ME, USERS
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser

SUPPORT = "support"


@pytest.fixture(autouse=True)
def support(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a role that administrates users, and has nothing itself."""
    monkeypatch.setitem(ROLE_SCOPES, SUPPORT, frozenset({"users:admin"}))
    for module in ("app.accounts.crud", "app.accounts.services.users"):
        monkeypatch.setattr(f"{module}.ADMIN_ROLES", (*ADMIN_ROLES, SUPPORT))


@pytest.fixture
async def supporter(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client that is logged in as somebody with this role."""
    user = await make_user(role=SUPPORT)
    async with client_key(app, headers=await log_in(user)) as client:
        yield client


async def give(client: httpx2.AsyncClient, user_id: object, role: str) -> int:
    return (await client.patch(f"{USERS}/{user_id}", json={"role": role})).status_code


async def role_of(client: httpx2.AsyncClient, user_id: object) -> str:
    role: str = (await client.get(f"{USERS}/{user_id}")).json()["role"]
    return role


@pytest.mark.parametrize("role", list(Role))
async def test_an_administrator_gives_no_role_that_may_do_more(
    supporter: httpx2.AsyncClient, make_user: MakeUser, role: str
) -> None:
    await make_user(role=Role.ADMIN)
    someone, myself = (
        await make_user(role="unheard-of"),
        (await supporter.get(ME)).json(),
    )
    for user_id, before in ((someone.id, "unheard-of"), (myself["id"], SUPPORT)):
        assert await give(supporter, user_id, role) == 403
        assert await role_of(supporter, user_id) == before


async def test_an_administrator_disables_nobody_who_may_do_more(
    supporter: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    for role, status in ((Role.ADMIN, 403), (SUPPORT, 200)):
        user = await make_user(role=role)
        response = await supporter.patch(
            f"{USERS}/{user.id}", json={"is_active": False}
        )
        assert response.status_code == status


async def test_an_administrator_takes_no_role_that_may_do_more(
    supporter: httpx2.AsyncClient, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_SCOPES, Role.USER, frozenset())
    admin = await make_user(role=Role.ADMIN)
    assert await give(supporter, admin.id, Role.USER) == 403
    assert await role_of(supporter, admin.id) == Role.ADMIN


async def test_a_narrow_session_gives_no_role_that_may_do_more(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, user: User
) -> None:
    headers = await log_in(await make_user(role=Role.ADMIN), scope="users:admin")
    async with client_key(app, headers=headers) as client:
        assert await give(client, user.id, Role.ADMIN) == 403
        assert await role_of(client, user.id) == Role.USER


async def test_a_lone_superuser_gives_up_the_role(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> None:
    superuser = await make_user(role=Role.ADMIN, is_superuser=True)
    async with client_key(app, headers=await log_in(superuser)) as client:
        assert await give(client, superuser.id, Role.USER) == 200
        assert await role_of(client, superuser.id) == Role.USER


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({"role": Role.ADMIN}, {"role": "user"}),
        ({"role": Role.ADMIN}, {"is_active": False}),
        ({"role": Role.ADMIN}, {"role": "admin", "is_active": False}),
        ({"is_superuser": True}, {"is_active": False}),
    ],
)
async def test_the_last_administrator_neither_leaves_nor_is_removed(
    app: FastAPI,
    make_user: MakeUser,
    log_in: LogIn,
    values: dict[str, object],
    body: dict[str, object],
) -> None:
    last = await make_user(**values)
    await make_user(role=SUPPORT, is_active=False)
    async with client_key(app, headers=await log_in(last)) as client:
        assert (await client.patch(f"{USERS}/{last.id}", json=body)).status_code == 409
        assert (await client.get(USERS)).status_code == 200


async def test_whoever_has_another_role_that_administrates_is_an_administrator(
    app: FastAPI, make_user: MakeUser, log_in: LogIn
) -> None:
    admin, _ = await make_user(role=Role.ADMIN), await make_user(role=SUPPORT)
    async with client_key(app, headers=await log_in(admin)) as client:
        assert await give(client, admin.id, Role.USER) == 200
