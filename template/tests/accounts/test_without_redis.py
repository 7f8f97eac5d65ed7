"""Without Redis, attempts at credentials cannot be counted."""

import httpx2

from app.accounts.models import User
from tests.fixtures.accounts import ME, REGISTER, registration, try_login


async def test_19_credentials_are_refused_while_they_cannot_be_counted(
    lost_redis: None,  # noqa: ARG001
    anonymous: httpx2.AsyncClient,
    user: User,
    verifications: list[bool],
) -> None:
    body = {"email": user.email}
    for response in (
        await try_login(anonymous, user.username),
        await anonymous.post(REGISTER, json=registration()),
        await anonymous.post("/api/v1/auth/forgot-password", json=body),
    ):
        assert response.status_code == 503
        assert "Retry-After" in response.headers
    assert verifications == []


async def test_sessions_go_on(
    client: httpx2.AsyncClient,
    lost_redis: None,  # noqa: ARG001
) -> None:
    assert (await client.get(ME)).status_code == 200
