"""Who may do what, held against the table, and the tools for new operations."""

import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.dependencies import (
    CurrentUser,
    Superuser,
    VerifiedUser,
    require_role,
    require_scope,
)
from app.accounts.models.account import AuthSession, User
from app.accounts.scopes import SCOPES, Role
from tests.accounts.permissions import OWNER, PROTECTED, RESOURCES, Permission
from tests.fixtures.users import LogIn, MakeUser

Send = Callable[..., Any]

HIDDEN = {"/openapi.json", "/docs", "/docs/assets", "/redoc"}
CALLERS: dict[str, dict[str, Any]] = {
    "user": {},
    "admin": {"role": Role.ADMIN},
    "superuser": {"is_superuser": True},
}
REFUSALS = {401, 403, 404}
BODIES: dict[str, Any] = {"POST": {"name": "Lamp"}, "PATCH": {}}


def complete_body(app: FastAPI, operation: dict[str, Any]) -> dict[str, Any]:
    """Give a body with all that an operation needs, as the documentation shows it."""
    reference = operation["requestBody"]["content"]["application/json"]["schema"][
        "$ref"
    ]
    schema = app.openapi()["components"]["schemas"][reference.rpartition("/")[2]]
    return {
        name: schema["properties"][name]["examples"][0] for name in schema["required"]
    }


@pytest.fixture
def operations(app: FastAPI) -> dict[str, dict[str, Any]]:
    """Give the operations of the OpenAPI document."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture
async def send(
    app: FastAPI,
    anonymous: httpx2.AsyncClient,
    user: User,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    operations: dict[str, Any],
    permissions: dict[str, Permission],
    request: pytest.FixtureRequest,
) -> Send:
    """Give a function that tries an operation on what belongs to `user`; it tells how it went."""
    await log_in(user)
    ids = {
        # Even a session for one scope has all that this user has, and may manage it.
        "user_id": (await make_user(role="former")).id,
        "session_id": (await session.scalars(select(AuthSession.id))).one(),
    }
    for name in set(re.findall(r"{(\w+)_id}", " ".join(permissions))) - {
        "user",
        "session",
    }:
        make = request.getfixturevalue(f"make_{name}")
        ids[f"{name}_id"] = (await make()).id

    async def send(operation: str, headers: dict[str, str]) -> int | None:
        method, path = operation.format(**ids).split()
        body = (
            complete_body(app, operations[operation])
            if method == "PUT"
            else BODIES.get(method)
        )
        response = await anonymous.request(method, path, headers=headers, json=body)
        assert response.status_code < 500
        return response.status_code if response.status_code in REFUSALS else None

    return send


@pytest.mark.asvs("6.3.4")
async def test_every_operation_has_its_line(
    operations: dict[str, Any], permissions: dict[str, Permission]
) -> None:
    assert set(operations) == set(permissions | RESOURCES)


@pytest.mark.asvs("6.3.4")
async def test_only_the_documentation_is_undocumented(app: FastAPI) -> None:
    routes = iter_route_contexts(app.routes)
    hidden = (
        one.path for one in routes if not getattr(one, "include_in_schema", False)
    )
    assert set(hidden) == HIDDEN


@pytest.mark.asvs("8.1.1")
async def test_the_document_says_what_an_operation_demands(
    operations: dict[str, dict[str, Any]], permissions: dict[str, Permission]
) -> None:
    for key, permission in (permissions | RESOURCES).items():
        security = operations[key].get("security", [])
        scopes = {
            scope for one in security for asked in one.values() for scope in asked
        }
        assert (key, len(security)) == (key, 1 if permission.is_protected else 0)
        assert (key, scopes) == (key, {permission.scope} if permission.scope else set())
        refusals = {"401"} if permission.is_protected else set()
        assert refusals | ({"403"} if scopes else set()) <= set(
            operations[key]["responses"]
        )


def test_every_scope_is_good_for_something(permissions: dict[str, Permission]) -> None:
    assert {one.scope for one in permissions.values() if one.scope} == set(SCOPES)


@pytest.mark.asvs("8.2.1")
async def test_somebody_without_credentials_may_do_what_the_table_says(
    send: Send, permissions: dict[str, Permission]
) -> None:
    found = {operation: await send(operation, {}) for operation in permissions}
    assert found == {key: one.status("anonymous") for key, one in permissions.items()}


@pytest.mark.asvs("8.2.1", "8.3.1")
@pytest.mark.parametrize("caller", CALLERS)
async def test_a_caller_may_do_what_the_table_says(
    send: Send,
    permissions: dict[str, Permission],
    make_user: MakeUser,
    log_in: LogIn,
    caller: str,
) -> None:
    found = {}
    for operation in permissions:
        # Each time somebody new: some operations end the session, or the user.
        found[operation] = await send(
            operation, await log_in(await make_user(**CALLERS[caller]))
        )
    assert found == {key: one.status(caller) for key, one in permissions.items()}


@pytest.mark.parametrize(
    "operation", [key for key, one in PROTECTED.items() if one.callers == OWNER]
)
async def test_an_owner_may_do_what_the_table_says(
    send: Send, user: User, log_in: LogIn, operation: str
) -> None:
    assert await send(operation, await log_in(user)) is None


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_narrow_session_may_do_what_its_scope_says(
    send: Send, make_user: MakeUser, log_in: LogIn, scope: str
) -> None:
    headers = await log_in(await make_user(role=Role.ADMIN), scope=scope)
    for operation, permission in PROTECTED.items():
        if permission.scope:
            expected = permission.status("admin") if permission.scope == scope else 403
            assert (operation, await send(operation, headers)) == (operation, expected)


async def test_a_refusal_names_the_scope_that_is_missing(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/api/v1/users")
    assert response.status_code == 403
    assert response.json()["error_code"] == "forbidden"
    assert "users:admin" in response.json()["detail"]


@pytest.mark.asvs("7.2.1")
async def test_the_caller_is_looked_up_once(
    admin_client: httpx2.AsyncClient, statements: list[str]
) -> None:
    for url in ("/api/v1/users/me", "/owned-samples", "/api/v1/users"):
        statements.clear()
        assert (await admin_client.get(url)).status_code == 200
        assert (url, sum("auth_sessions" in one for one in statements)) == (url, 1)


async def superusers_only(user: Superuser) -> str:
    return user.username


async def verified_only(user: VerifiedUser) -> str:
    return user.username


async def anybody_known(user: CurrentUser) -> str:
    return user.username


async def nothing() -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("endpoint", "values", "status"),
    [
        (anybody_known, {}, 200),
        (superusers_only, {"is_superuser": True}, 200),
        (superusers_only, {"role": Role.ADMIN}, 403),
        (verified_only, {"is_verified": True}, 200),
        (verified_only, {"is_superuser": True}, 403),
    ],
)
async def test_an_endpoint_takes_only_the_users_that_it_asks_for(
    anonymous: httpx2.AsyncClient,
    add_route: Callable[..., None],
    make_user: MakeUser,
    log_in: LogIn,
    endpoint: Callable[..., Any],
    values: dict[str, Any],
    status: int,
) -> None:
    add_route("/try", endpoint)
    user = await make_user(**values)
    assert (await anonymous.get("/try")).status_code == 401
    response = await anonymous.get("/try", headers=await log_in(user))
    assert response.status_code == status
    assert (response.json() == user.username) == (status == 200)


@pytest.mark.parametrize(
    ("demand", "values", "status"),
    [
        (require_role(Role.ADMIN), {"role": Role.ADMIN}, 200),
        (require_role(Role.ADMIN), {"is_superuser": True}, 200),
        (require_role(Role.ADMIN), {}, 403),
        (require_role(Role.USER), {"role": Role.ADMIN}, 403),
        (require_scope("data:read"), {}, 200),
        (require_scope("data:read", "users:admin"), {}, 403),
        (require_scope("data:read", "users:admin"), {"role": Role.ADMIN}, 200),
        (require_scope("unheard:of"), {"is_superuser": True}, 403),
    ],
)
async def test_a_route_takes_only_the_callers_that_it_asks_for(
    anonymous: httpx2.AsyncClient,
    add_route: Callable[..., None],
    make_user: MakeUser,
    log_in: LogIn,
    demand: Any,
    values: dict[str, Any],
    status: int,
) -> None:
    add_route("/try", nothing, dependencies=[demand])
    assert (await anonymous.get("/try")).status_code == 401
    headers = await log_in(await make_user(**values))
    assert (await anonymous.get("/try", headers=headers)).status_code == status
