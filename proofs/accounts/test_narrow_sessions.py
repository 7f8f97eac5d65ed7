"""Sessions for some scopes only: the account itself is out of their reach."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts import Superuser, require_role
from app.accounts.models import User
from app.accounts.scopes import Role
from proofs.accounts.calls import CHANGE_PASSWORD, LOGIN, ME, USERS
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser, Proof

AUTH, SAMPLES = "/api/v1/auth", "/samples"
SESSIONS = f"{AUTH}/sessions"
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "Seven-Chairs-In-A-Row"}


@pytest.fixture
async def narrow(
    app: FastAPI, user: User, log_in: LogIn
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client that is logged in as `user` in order to read samples."""
    async with client_key(app, headers=await log_in(user, scope="data:read")) as client:
        yield client


async def log_in_for(
    client: httpx2.AsyncClient, user: User, scope: str
) -> httpx2.Response:
    form = {"username": user.username, "password": PASSWORD, "scope": scope}
    return await client.post(LOGIN, data=form)


def assert_narrow(response: httpx2.Response) -> None:
    assert (response.status_code, response.json()["error_code"]) == (
        403,
        "insufficient_scope",
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", ME, {"full_name": "Eve"}),
        ("PATCH", ME, {}),
        ("DELETE", ME, None),
        ("POST", CHANGE_PASSWORD, NEW_PASSWORD),
        ("POST", f"{AUTH}/logout-all", None),
        ("DELETE", f"{SESSIONS}/{UUID(int=0)}", None),
    ],
)
async def test_a_narrow_session_does_nothing_to_the_account(
    narrow: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    verifications: list[bool],
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    before = (await client.get(ME)).json()
    assert_narrow(await narrow.request(method, path, json=body))
    assert (await client.get(ME)).json() == before
    assert verifications == []


async def test_a_narrow_session_ends_no_session_of_the_list(
    narrow: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    for one in (await client.get(SESSIONS)).json():
        assert_narrow(await narrow.delete(f"{SESSIONS}/{one['id']}"))
    assert len((await client.get(SESSIONS)).json()) == 2


async def superusers_only(_user: Superuser) -> None:
    """Do nothing."""


async def admins_only() -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("endpoint", "dependencies"),
    [(superusers_only, []), (admins_only, [require_role(Role.ADMIN)])],
)
async def test_a_narrow_session_has_neither_role_nor_rank(
    anonymous: httpx2.AsyncClient,
    add_route: Callable[..., None],
    make_user: MakeUser,
    log_in: LogIn,
    endpoint: Callable[..., Any],
    dependencies: list[Any],
) -> None:
    add_route("/try", endpoint, dependencies=dependencies)
    superuser = await make_user(role=Role.ADMIN, is_superuser=True)
    assert (
        await anonymous.get("/try", headers=await log_in(superuser))
    ).status_code == 200
    headers = await log_in(superuser, scope="data:read users:admin")
    assert_narrow(await anonymous.get("/try", headers=headers))


async def test_a_narrow_session_reads_the_account_and_logs_itself_out(
    narrow: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    assert (await narrow.get(ME)).json() == (await client.get(ME)).json()
    assert len((await narrow.get(SESSIONS)).json()) == 2
    assert (await narrow.post(f"{AUTH}/logout")).status_code == 204
    assert (await narrow.get(ME)).status_code == 401
    assert len((await client.get(SESSIONS)).json()) == 1


async def test_a_login_for_one_scope_begins_a_narrow_session(
    anonymous: httpx2.AsyncClient, user: User, proof: Proof
) -> None:
    headers = proof(await log_in_for(anonymous, user, "data:read users:admin"))
    assert (await anonymous.get(SAMPLES, headers=headers)).status_code == 200
    refused = await anonymous.post(SAMPLES, json={"name": "Lamp"}, headers=headers)
    assert (refused.status_code, refused.json()["error_code"]) == (403, "forbidden")
    assert (await anonymous.get(USERS, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "scope", ["", "  ", "users:admin data:write data:read data:write"]
)
async def test_a_session_for_all_scopes_of_its_user_is_whole(
    anonymous: httpx2.AsyncClient, user: User, proof: Proof, scope: str
) -> None:
    headers = proof(await log_in_for(anonymous, user, scope))
    response = await anonymous.patch(ME, json={"full_name": "Ada"}, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("scope", ["data:delete", "data:read unheard:of", "DATA:READ"])
async def test_a_scope_that_does_not_exist_is_refused(
    anonymous: httpx2.AsyncClient, user: User, verifications: list[bool], scope: str
) -> None:
    response = await log_in_for(anonymous, user, scope)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        ["scope"],
    )
    assert verifications == []
