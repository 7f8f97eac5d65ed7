"""Callers and operations: the table of permissions.

Add a line here for each operation that is not a resource's; what resources demand
follows from their scopes.
"""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.fixtures.accounts import LogIn, MakeUser
from tests.fixtures.app import Operations

PERMISSIONS = {
    "POST /api/v1/auth/register": "anybody",
    "POST /api/v1/auth/login": "anybody",
    "POST /api/v1/auth/resend-verification": "anybody",
    "POST /api/v1/auth/verify-email": "anybody",
    "POST /api/v1/auth/confirm-email": "anybody",
    "POST /api/v1/auth/forgot-password": "anybody",
    "POST /api/v1/auth/reset-password": "anybody",
    "POST /api/v1/auth/logout": "user",
    "POST /api/v1/auth/logout-all": "user",
    "GET /api/v1/auth/sessions": "user",
    "DELETE /api/v1/auth/sessions/{session_id}": "user",
    "GET /api/v1/users/me": "user",
    "PATCH /api/v1/users/me": "user",
    "DELETE /api/v1/users/me": "user",
    "POST /api/v1/users/me/password": "user",
    "POST /api/v1/users/me/email": "user",
    "GET /api/v1/users": "users:admin",
    "GET /api/v1/users/{user_id}": "users:admin",
    "PATCH /api/v1/users/{user_id}": "users:admin",
    "GET /api/v1/users/{user_id}/sessions": "users:admin",
    "DELETE /api/v1/users/{user_id}/sessions": "users:admin",
    "POST /api/v1/users/{user_id}/reset-password": "users:admin",
    "GET /api/v1/audit-events": "audit:read",
    "GET /health/live": "anybody",
    "GET /health/ready": "anybody",
}
RESOURCE_SCOPES = {"data:read", "data:write"}
SCOPES_OF_USERS = {"user", *RESOURCE_SCOPES}


@pytest.fixture
def permissions(
    operations: Operations, operations_of_variant: dict[str, str]
) -> dict[str, str]:
    """Return what each operation demands; of resources, by what they document."""
    table = PERMISSIONS | operations_of_variant
    for name in operations.keys() - table.keys():
        [scope] = scopes_of(operations[name])
        table[name] = scope
    return table


def scopes_of(operation: dict[str, Any]) -> set[str]:
    demanded = [one for kind in operation.get("security", []) for one in kind.values()]
    return {scope for scopes in demanded for scope in scopes}


async def call(
    client: httpx2.AsyncClient, operation: str, headers: dict[str, str]
) -> int:
    """Call an operation on what does not exist, and return the status."""
    method, path = re.sub(r"{\w+}", str(uuid4()), operation).split()
    return (await client.request(method, path, headers=headers)).status_code


async def test_38_every_operation_is_a_resource_s_or_has_a_line(
    operations: Operations, operations_of_variant: dict[str, str]
) -> None:
    table = PERMISSIONS | operations_of_variant
    assert table.keys() <= operations.keys()
    for name in operations.keys() - table.keys():
        expected = "data:read" if name.startswith("GET") else "data:write"
        assert (name, scopes_of(operations[name])) == (name, {expected})


async def test_38_the_document_says_what_an_operation_demands(
    operations: Operations, permissions: dict[str, str]
) -> None:
    for name, demanded in permissions.items():
        operation = operations[name]
        assert (name, bool(operation.get("security"))) == (name, demanded != "anybody")
        scopes = {demanded} if ":" in demanded else set()
        assert (name, scopes_of(operation)) == (name, scopes)


async def test_38_operations_need_credentials(
    anonymous: httpx2.AsyncClient, permissions: dict[str, str]
) -> None:
    for name, demanded in permissions.items():
        status = await call(anonymous, name, {})
        assert (name, status == 401) == (name, demanded != "anybody")


@pytest.mark.parametrize("role", ["user", "admin", "superuser"])
async def test_38_operations_need_the_scopes_of_a_role(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    permissions: dict[str, str],
    role: str,
) -> None:
    is_superuser = role == "superuser"
    values = {"role": "user" if is_superuser else role, "is_superuser": is_superuser}
    headers = await log_in(await make_user(**values))
    for name, demanded in permissions.items():
        allowed = role != "user" or demanded in {*SCOPES_OF_USERS, "anybody"}
        status = await call(anonymous, name, headers)
        assert (name, status in {401, 403}) == (name, not allowed)
        if status == 204:
            # It may have ended the session, or deleted the user.
            headers = await log_in(await make_user(**values))


async def test_38_a_session_for_one_scope_reaches_no_other(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    permissions: dict[str, str],
) -> None:
    admin = await make_user(role="admin")
    scopes = {demanded for demanded in permissions.values() if ":" in demanded}
    for scope in scopes:
        headers = await log_in(admin, scope=scope)
        for name, demanded in permissions.items():
            if demanded in scopes:
                status = await call(anonymous, name, headers)
                assert (scope, name, status == 403) == (scope, name, demanded != scope)
