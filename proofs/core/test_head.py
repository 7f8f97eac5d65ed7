"""`HEAD`, which answers wherever `GET` does."""

import httpx2
import pytest

from proofs.fixtures.app import steady_headers
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog


@pytest.mark.parametrize(
    "path",
    [
        "/health/live",
        "/samples",
        "/samples?limit=0",
        "/samples/7",
        "/nowhere",
        "/docs",
        "/docs/assets/favicon.png",
        "/openapi.json",
    ],
)
async def test_head_says_what_get_would_say(
    client: httpx2.AsyncClient, path: str
) -> None:
    head, get = await client.head(path), await client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert steady_headers(head) == steady_headers(get)


async def test_the_log_knows_head_from_get(
    make_client: MakeClient, log: ReadLog
) -> None:
    await make_client().head("/docs")
    (entry,) = log()
    assert (entry["method"], entry["status"]) == ("HEAD", 200)


async def test_the_documentation_does_not_repeat_itself(
    client: httpx2.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    assert not [path for path in document["paths"].values() if "head" in path]
