"""What a route declares of its limits holds for it."""

import pytest
from fastapi import APIRouter

from app.core.rate_limit.limits import exempt, limit
from app.core.settings import ServerSettings
from proofs.fixtures.limits import Call, Limit
from proofs.rate_limit.calls import parts, statuses

inner = APIRouter(prefix="/inner")
router = APIRouter(prefix="/limited")


@inner.get("/own/{number}")
@limit("2/hour")
async def get_own(number: int) -> int:
    return number


@limit("2/hour")
@inner.get("/above")
async def get_above() -> None:
    pass


@router.get("/files/secret")
async def get_secret() -> None:
    pass


@router.get("/files/{name}")
@exempt
async def get_file(name: str) -> str:
    return name


router.include_router(inner)


async def test_a_route_has_limits_of_its_own(limit_app: Limit, call_from: Call) -> None:
    client = call_from(limit_app("9/hour", router))
    for path in ("/limited/inner/own/1", "/limited/inner/above"):
        assert await statuses(client, path, 3) == [200, 200, 429]
    assert (await client.get("/limited/inner/own/2")).status_code == 429
    refused = await client.get("/limited/inner/own/3")
    policy = parts(refused, "RateLimit-Policy")
    assert policy == {"GET /limited/inner/own/{number}": {"q": 2, "w": 3600}}
    assert (await client.get("/openapi.json")).status_code == 200


@pytest.mark.parametrize("prefix", ["", "/shop"])
async def test_a_route_has_its_limits_below_a_prefix(
    limit_app: Limit, call_from: Call, prefix: str
) -> None:
    server = ServerSettings(root_path="/shop")
    client = call_from(limit_app("1/hour", router, server=server))
    assert await statuses(client, f"{prefix}/limited/inner/above", 3) == [200, 200, 429]
    assert await statuses(client, f"{prefix}/health/live", 3) == [200] * 3


async def test_a_route_can_be_exempt(limit_app: Limit, call_from: Call) -> None:
    client = call_from(limit_app("4/hour", router))
    assert await statuses(client, "/limited/files/open", 6) == [200] * 6


async def test_a_route_that_declares_nothing_keeps_the_default_beside_a_wider_one(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("4/hour", router))
    assert await statuses(client, "/limited/files/secret", 5) == [200] * 4 + [429]


async def test_only_the_method_that_declares_it_has_the_limit(
    limit_app: Limit, call_from: Call
) -> None:
    client = call_from(limit_app("9/hour", router))
    found = [(await client.post("/limited/inner/above")).status_code for _ in range(3)]
    assert found == [405] * 3


def test_what_is_no_limit_is_refused_where_it_stands() -> None:
    with pytest.raises(ValueError, match="must be limits such as 100/minute"):
        limit("often")
