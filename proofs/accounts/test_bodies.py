"""Whose body is read, and how much of it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditAction, AuditEvent, User
from app.core.http.body import SMALL_BODY
from proofs.conditions import JWT, ROOT
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn

JSON = {"Content-Type": "application/json"}
BAD = {"Authorization": "Bearer x.y.z"} if JWT(ROOT) else {"Cookie": "session=forged"}


@pytest.mark.parametrize("shown", [{}, BAD, {"Authorization": "Basic eDp5"}])
@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/samples"),
        ("PATCH", "/samples/0198a5b0-0000-7000-8000-000000000001"),
        ("PATCH", "/api/v1/users/me"),
        ("POST", "/api/v1/users/me/password"),
        ("POST", "/api/v1/users"),
    ],
)
async def test_the_body_of_somebody_unknown_is_not_read(
    anonymous: httpx2.AsyncClient, method: str, url: str, shown: dict[str, str]
) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("The body was read.")
        yield b""

    response = await anonymous.request(
        method, url, content=body(), headers=JSON | shown
    )
    assert response.status_code in {401, 404, 405}
    if response.status_code == 401:
        assert "WWW-Authenticate" in response.headers


async def test_what_is_read_of_somebody_unknown_is_small(
    anonymous: httpx2.AsyncClient,
) -> None:
    for size, status in ((SMALL_BODY, 422), (SMALL_BODY + 1, 413)):
        body = b'{"email": "' + b"x" * (size - 13) + b'"}'
        response = await anonymous.post(
            "/api/v1/auth/register", content=body, headers=JSON
        )
        assert response.status_code == status


async def test_many_unknown_names_are_one_error(anonymous: httpx2.AsyncClient) -> None:
    for number, errors in ((20, 23), (1000, 1)):
        body = {f"field{index}": 1 for index in range(number)}
        response = await anonymous.post("/api/v1/auth/register", json=body)
        assert response.status_code == 422
        assert len(response.json()["field_errors"]) == errors


async def test_refusals_of_a_user_do_not_fill_the_audit_log(
    app: object, user: User, log_in: LogIn, session: AsyncSession
) -> None:
    client = client_key(app, headers=await log_in(user))  # type: ignore[arg-type]
    for _ in range(5):
        assert (await client.get("/api/v1/users")).status_code == 403
    await client.aclose()
    denied = select(func.count()).where(
        AuditEvent.action == AuditAction.ACCESS_DENIED.value,
        AuditEvent.user_id == user.id,
    )
    assert await session.scalar(denied) == 1
