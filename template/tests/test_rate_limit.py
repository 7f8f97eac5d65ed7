"""Limits of requests."""

import httpx2

from app.core.rate_limit.limits import RateLimitSettings
from app.core.settings import HttpSettings
from tests.fixtures.app import Connect

LIMITS = RateLimitSettings(default="2/minute")


async def call(client: httpx2.AsyncClient, times: int, **headers: str) -> list[int]:
    """Call the API some times, and return the statuses."""
    answers = [await client.get("/docs", headers=headers) for _ in range(times)]
    return [answer.status_code for answer in answers]


async def test_requests_over_the_limit_are_refused(connect_with: Connect) -> None:
    async with connect_with(rate_limit=LIMITS) as client:
        answer = await client.get("/docs")
        assert "r=1" in answer.headers["RateLimit"]
        assert await call(client, 1) == [200]
        refused = await client.get("/docs")
    assert (refused.status_code, refused.json()["status"]) == (429, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 120


async def test_clients_are_counted_apart(connect_with: Connect) -> None:
    http = HttpSettings(trusted_proxies=("10.0.0.0/8",))
    async with connect_with("10.1.2.3", rate_limit=LIMITS, http=http) as client:
        for address in ("198.51.100.1", "198.51.100.2"):
            found = await call(client, 3, **{"X-Forwarded-For": address})
            assert found == [200, 200, 429]


async def test_addresses_that_a_client_makes_up_do_not_count(
    connect_with: Connect,
) -> None:
    async with connect_with(rate_limit=LIMITS) as client:
        assert await call(client, 2) == [200, 200]
        assert await call(client, 1, **{"X-Forwarded-For": "203.0.113.9"}) == [429]


async def test_probes_are_not_limited(connect_with: Connect) -> None:
    async with connect_with(rate_limit=LIMITS) as client:
        answers = [await client.get("/health/live") for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200}
