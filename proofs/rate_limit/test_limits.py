"""Requests above a limit are refused, whatever they ask for."""

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter

from app.core.errors import MEDIA_TYPE
from proofs.fixtures.limits import Call, Limit
from proofs.rate_limit.calls import parts, statuses

router = APIRouter()


@router.post("/echo")
async def echo(body: dict[str, str]) -> dict[str, str]:
    return body


async def test_exactly_so_many_requests_are_answered(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("3/hour"))
    assert await statuses(client, "/openapi.json", 5) == [200, 200, 200, 429, 429]


async def test_a_refusal_says_when_to_come_back(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("1/hour"))
    await client.get("/openapi.json")
    refused = await client.get("/openapi.json")
    assert refused.headers["Content-Type"] == MEDIA_TYPE
    assert refused.json()["error_code"] == "rate_limited"
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= 2 * 3600
    assert f" {wait} seconds" in refused.json()["detail"]
    assert parts(refused)["default"]["r"] == 0


async def test_every_answer_says_what_is_left(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("5/minute;7/hour"))
    for left in (4, 3, 2):
        answer = await client.get("/nowhere")
        policy = answer.headers["RateLimit-Policy"]
        assert policy == '"default-60";q=5;w=60, "default-3600";q=7;w=3600'
        found = parts(answer)
        assert {name: one["r"] for name, one in found.items()} == {
            "default-60": left,
            "default-3600": left + 2,
        }
        assert 0 < found["default-60"]["t"] <= 60


async def test_a_request_must_be_within_all_limits(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("100/minute;2/day"))
    assert await statuses(client, "/openapi.json", 3) == [200, 200, 429]
    refused = await client.get("/openapi.json")
    assert parts(refused)["default-60"]["r"] == 98, "what is refused is counted nowhere"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/openapi.json", 405),
        ("POST", "/echo", 400),
        ("GET", "/docs", 200),
        ("HEAD", "/openapi.json", 200),
    ],
)
async def test_whatever_is_answered_counts(
    limit_app: Limit, call_from: Call, method: str, path: str, status: int
) -> None:
    client = call_from(
        limit_app("2/hour", router), headers={"Content-Type": "application/json"}
    )
    found = [
        (await client.request(method, path, content=b"{")).status_code for _ in range(3)
    ]
    assert found == [status, status, 429]


async def test_what_is_refused_is_not_read(limit_app: Limit, call_from: Call) -> None:
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield b"{}"

    client = call_from(
        limit_app("1/hour", router), headers={"Content-Type": "application/json"}
    )
    assert (await client.post("/echo", content=b"{}")).status_code == 200
    refused = await client.post("/echo", content=body())
    assert (refused.status_code, read) == (429, [])


async def test_probes_are_never_refused(limit_app: Limit, call_from: Call) -> None:
    client = call_from(limit_app("1/hour"))
    assert await statuses(client, "/health/live", 5) == [200] * 5
    assert "RateLimit" not in (await client.get("/health/live")).headers
