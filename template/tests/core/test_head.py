"""`HEAD`, which answers wherever `GET` does."""

import httpx2
import pytest

from tests.fixtures.custom import MakeClient
from tests.fixtures.log import ReadLog

VARYING = {"x-request-id"}


@pytest.mark.parametrize(
    "path",
    [
        "/health/live",
        "/api/v1/items",
        "/api/v1/items?limit=0",
        "/api/v1/items/7",
        "/nowhere",
        "/docs",
        "/docs/assets/favicon.png",
        "/openapi.json",
    ],
)
async def test_head_says_what_get_would_say(client: httpx2.AsyncClient, path: str) -> None:
    head, get = await client.head(path), await client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert {**head.headers, **dict.fromkeys(VARYING)} == {**get.headers, **dict.fromkeys(VARYING)}


async def test_the_log_knows_head_from_get(make_client: MakeClient, log: ReadLog) -> None:
    await make_client().head("/openapi.json")
    (entry,) = log()
    assert (entry["method"], entry["status"]) == ("HEAD", 200)


async def test_the_documentation_does_not_repeat_itself(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert not [path for path in document["paths"].values() if "head" in path]
