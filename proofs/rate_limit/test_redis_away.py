"""What happens while Redis is away, or hangs."""

import asyncio

import pytest
from fastapi import FastAPI

from app.config import Settings
from app.core.logging import configure_logging
from app.core.redis import RedisAwayError, open_redis
from proofs.fixtures.limits import Call, Limit
from proofs.fixtures.log import ReadLog
from proofs.fixtures.relay import PATIENCE, Relay
from proofs.rate_limit.calls import statuses


async def test_while_it_is_away_requests_are_let_through_uncounted(
    relay: Relay, relayed: FastAPI, call_from: Call
) -> None:
    client = call_from(relayed)
    assert await statuses(client, "/openapi.json", 3) == [200] * 3
    await relay.stop()
    answers = [await client.get("/openapi.json") for _ in range(5)]
    assert [one.status_code for one in answers] == [200] * 5
    assert "RateLimit" not in answers[-1].headers
    assert (await client.get("/health/live")).status_code == 200
    unready = await client.get("/health/ready")
    assert (unready.status_code, unready.headers["Retry-After"]) == (503, "1")
    assert "redis" in unready.json()["detail"]


async def test_when_it_is_back_requests_are_counted_again(
    relay: Relay, relayed: FastAPI, call_from: Call
) -> None:
    client = call_from(relayed)
    await relay.stop()
    assert await statuses(client, "/openapi.json", 4) == [200] * 4
    await relay.start()
    await asyncio.sleep(2 * PATIENCE)
    assert await statuses(client, "/openapi.json", 4) == [200, 200, 200, 429]


async def test_a_redis_that_hangs_is_waited_for_by_few(
    relay: Relay, relayed: FastAPI, call_from: Call
) -> None:
    client = call_from(relayed)
    await client.get("/openapi.json")
    relayed.state.redis.retry_interval = 600
    relay.is_stalled = True
    async with asyncio.timeout(20):
        found = await asyncio.gather(*(client.get("/openapi.json") for _ in range(50)))
    assert {one.status_code for one in found} == {200}
    relay.is_stalled = False
    later = await asyncio.gather(*(client.get("/openapi.json") for _ in range(50)))
    assert {one.status_code for one in later} == {200}
    assert not any("RateLimit" in one.headers for one in later), (
        "nobody has asked it since"
    )


async def test_requests_can_be_refused_while_it_is_away(
    relay: Relay, relayed: FastAPI, call_from: Call
) -> None:
    relayed.state.redis.settings.fail_open = False
    await relay.stop()
    refused = await call_from(relayed).get("/openapi.json")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.json()["error_code"] == "service_unavailable"


async def test_an_outage_is_logged_once(
    log: ReadLog, relay: Relay, relayed: FastAPI
) -> None:
    configure_logging("INFO", json=True)
    redis = relayed.state.redis
    await relay.stop()
    for _ in range(3):
        with pytest.raises(RedisAwayError):
            await redis.run("return 1", [])
        await asyncio.sleep(PATIENCE)
    await relay.start()
    assert await redis.run("return 1", []) == 1
    assert [one["event"] for one in log()] == ["redis_away", "redis_back"]


async def test_more_requests_at_once_than_connections_are_all_counted(
    settings: Settings, limit_app: Limit, call_from: Call
) -> None:
    url = settings.redis_url.get_secret_value()
    patient = settings.redis.model_copy(update={"timeout": 60})
    other = limit_app("3/hour")
    other.state.readiness_checks = {}
    async with open_redis(other, url, patient):
        other.state.redis.places = asyncio.Semaphore(2)
        client = call_from(other)
        found = await asyncio.gather(*(client.get("/openapi.json") for _ in range(60)))
    assert sorted(one.status_code for one in found) == [200] * 3 + [429] * 57


async def test_it_is_ready_only_if_it_can_be_written_to(app: FastAPI) -> None:
    redis = app.state.redis
    await redis.check()
    assert 0 < await redis.client.pttl(f"{redis.settings.prefix}ready") <= 1000
