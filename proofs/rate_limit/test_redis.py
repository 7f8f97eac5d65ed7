"""Counting in Redis: exactly, and in one round trip."""

import asyncio
from time import monotonic

import httpx2
from fastapi import FastAPI
from redis.asyncio import Redis as Client
from starlette.datastructures import State

from app.config import Settings
from app.core.rate_limit.limits import Policy, parse_limits
from app.core.rate_limit.redis import RedisStore
from app.core.redis import Redis
from proofs.fixtures.limits import Call
from proofs.fixtures.relay import Relay
from proofs.rate_limit.calls import statuses


async def test_several_processes_count_exactly_together(settings: Settings) -> None:
    url = settings.redis_url.get_secret_value()
    policy = Policy("default", parse_limits("10/minute;25/hour"))
    clients = [Client.from_url(url) for _ in range(3)]
    stores = [
        RedisStore(State({"redis": Redis(one, settings.redis)})) for one in clients
    ]
    hits = [store.hit(policy, "client:ada") for store in stores for _ in range(20)]
    verdicts = await asyncio.gather(*hits)
    assert sum(one is not None and one.wait is None for one in verdicts) == 10
    for client in clients:
        await client.aclose()


async def test_a_window_passes_and_the_next_begins(app: FastAPI) -> None:
    store, policy = (
        RedisStore(app.state),
        Policy("default", parse_limits("2/second")),
    )
    deadline = monotonic() + 10
    allowed = 0
    while allowed < 4 and monotonic() < deadline:
        verdict = await store.hit(policy, "client:ada")
        assert verdict is not None
        allowed += verdict.wait is None
        await asyncio.sleep(0 if verdict.wait is None else 0.05)
    assert allowed == 4


async def test_keys_expire(app: FastAPI) -> None:
    policy = Policy("default", parse_limits("2/minute"))
    await RedisStore(app.state).hit(policy, "client:ada")
    client, prefix = app.state.redis.client, app.state.redis.settings.prefix
    keys = [key async for key in client.scan_iter(f"{prefix}*")]
    assert keys == [f"{prefix}limit:default:client:ada:60".encode()]
    assert 60 < await client.ttl(keys[0]) <= 120


async def test_a_request_costs_one_round_trip(
    relay: Relay, relayed: FastAPI, call_from: Call
) -> None:
    client = call_from(relayed)
    await client.get("/openapi.json")
    before = relay.asked
    assert await statuses(client, "/openapi.json", 2) == [200, 200]
    assert relay.asked - before == 2


async def test_it_is_ready_with_redis(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/health/ready")).json()["checks"] == {
        "database": "ok",
        "redis": "ok",
    }
