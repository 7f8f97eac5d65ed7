"""Limits of requests count users, wherever they call from."""

import httpx2

from app.accounts.models import User
from app.core.rate_limit.limits import RateLimitSettings
from tests.fixtures.accounts import ME, LogIn, MakeUser
from tests.fixtures.app import Connect

LIMITS = RateLimitSettings(default="2/minute")


def move(client: httpx2.AsyncClient, address: str) -> None:
    """Let a client call from another address."""
    transport = client._transport
    assert isinstance(transport, httpx2.ASGITransport)
    transport.client = (address, 50000)


async def call(client: httpx2.AsyncClient, headers: dict[str, str]) -> int:
    return (await client.get(ME, headers=headers)).status_code


async def test_users_are_counted_across_sessions_and_addresses(
    connect_with: Connect, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    sessions = [await log_in(user) for _ in range(3)]
    other = await log_in(await make_user())
    async with connect_with(rate_limit=LIMITS) as client:
        for number, (headers, status) in enumerate(
            zip(sessions, (200, 200, 429), strict=True)
        ):
            move(client, f"198.51.100.{number}")
            assert await call(client, headers) == status
        assert await call(client, other) == 200


async def test_credentials_that_are_not_good_count_for_the_address(
    connect_with: Connect, user: User, log_in: LogIn
) -> None:
    ended, living = await log_in(user), await log_in(user)
    limits = RateLimitSettings(default="3/minute")
    async with connect_with("198.51.100.1", rate_limit=limits) as client:
        logout = await client.post("/api/v1/auth/logout", headers=ended)
        assert logout.status_code == 204
        # Once it is known to have ended, it uses up nothing of its user.
        statuses = [await call(client, ended) for _ in range(5)]
        assert statuses == [401, 401, 401, 401, 429]
        move(client, "198.51.100.9")
        assert await call(client, living) == 200
