"""Requests while Redis is away."""

import pytest

from tests.fixtures.app import Connect


@pytest.mark.usefixtures("lost_redis")
async def test_requests_are_let_through_and_the_process_is_not_ready(
    connect_with: Connect,
) -> None:
    async with connect_with() as client:
        assert (await client.get("/docs")).status_code == 200
        assert (await client.get("/health/live")).status_code == 200
        unready = await client.get("/health/ready")
    assert unready.status_code == 503
    assert "redis" in unready.json()["detail"]
