"""One's own account."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuthSession, User
from app.accounts.scopes import Role
from app.db.base import now
from proofs.accounts.calls import ME
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeOwnedSample, MakeUser
from proofs.sample.owned.models import OwnedSample


async def test_users_read_their_account(client: httpx2.AsyncClient, user: User) -> None:
    profile = (await client.get(ME)).json()
    assert profile["id"] == str(user.id)
    assert set(profile) == {
        *("id", "email", "username", "full_name", "role", "is_superuser", "is_active"),
        *("is_verified", "created_at", "updated_at"),
    }


async def test_users_change_their_names(client: httpx2.AsyncClient) -> None:
    before = (await client.get(ME)).json()
    response = await client.patch(ME, json={"full_name": " Ada Lovelace "})
    assert response.status_code == 200
    changed = {"full_name": "Ada Lovelace", "updated_at": response.json()["updated_at"]}
    assert response.json() == before | changed
    renamed = await client.patch(ME, json={"username": "ada"})
    assert (renamed.json()["username"], renamed.json()["full_name"]) == (
        "ada",
        "Ada Lovelace",
    )


@pytest.mark.parametrize(
    "name", ["عمر", "Ada\r\nLovelace", "<script>", "\u202eadA", "😀", ""]
)
async def test_a_name_for_people_can_be_any_text(
    client: httpx2.AsyncClient, name: str
) -> None:
    assert (await client.patch(ME, json={"full_name": name})).json()[
        "full_name"
    ] == name
    assert (await client.get(ME)).json()["full_name"] == name


async def test_a_taken_user_name_is_refused_in_any_case(
    client: httpx2.AsyncClient, make_user: MakeUser, user: User
) -> None:
    await make_user(username="ada")
    response = await client.patch(ME, json={"username": "ADA", "full_name": "Eve"})
    assert response.status_code == 409
    assert list(response.json()["field_errors"]) == ["username"]
    profile = (await client.get(ME)).json()
    assert (profile["username"], profile["full_name"]) == (
        user.username,
        user.full_name,
    )


async def test_users_keep_their_own_name_in_another_case(
    client: httpx2.AsyncClient, user: User
) -> None:
    response = await client.patch(ME, json={"username": user.username.upper()})
    assert response.status_code == 200
    assert response.json()["username"] == user.username.upper()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", str(uuid4())),
        ("role", "admin"),
        ("is_superuser", True),
        ("is_verified", True),
        ("is_active", False),
        ("owner_id", str(uuid4())),
        ("hashed_password", "!"),
        ("password", "Seven-Chairs-In-A-Row"),
        ("email", "eve@example.com"),
    ],
)
async def test_users_change_nothing_else(
    client: httpx2.AsyncClient, field: str, value: object
) -> None:
    before = (await client.get(ME)).json()
    response = await client.patch(ME, json={field: value, "full_name": "Eve"})
    assert response.status_code == 422
    assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert (await client.get(ME)).json() == before


@pytest.mark.parametrize(
    "body",
    [
        {"username": "a b"},
        {"username": None},
        {"full_name": None},
        {"full_name": "a\x00"},
    ],
)
async def test_hostile_names_are_refused(
    client: httpx2.AsyncClient, body: dict[str, str | None]
) -> None:
    response = await client.patch(ME, json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == list(body)


async def test_a_deleted_account_is_gone_with_everything_in_it(
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    session: AsyncSession,
    make_owned_sample: MakeOwnedSample,
    make_user: MakeUser,
) -> None:
    await make_owned_sample()
    other = await make_owned_sample(owner_id=(await make_user()).id)
    deleted = await client.delete(ME)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await client.get(ME)).status_code == 401
    assert (await session.scalars(select(OwnedSample.id))).all() == [other.id]
    assert (await session.scalars(select(AuthSession))).all() == []
    assert (await anonymous.delete(ME)).status_code == 401


async def test_deleting_needs_a_login_of_the_last_minutes(
    app: FastAPI, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user, created_at=now() - timedelta(minutes=11))
    async with client_key(app, headers=headers) as client:
        response = await client.delete(ME)
        assert response.status_code == 403
        assert response.json()["error_code"] == "recent_login_required"
        assert (await client.get(ME)).status_code == 200


@pytest.mark.parametrize("values", [{"role": Role.ADMIN}, {"is_superuser": True}])
async def test_the_last_administrator_cannot_leave(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, values: dict[str, object]
) -> None:
    headers = await log_in(await make_user(**values))
    await make_user(role=Role.ADMIN, is_active=False)
    async with client_key(app, headers=headers) as client:
        assert (await client.delete(ME)).status_code == 409
        assert (await client.get(ME)).status_code == 200
        await make_user(role=Role.ADMIN)
        assert (await client.delete(ME)).status_code == 204
