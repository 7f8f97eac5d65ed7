"""The size of request bodies, and the time that they may take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest
from fastapi import APIRouter, Request

from app.core.settings import HttpSettings
from proofs.core.client import send, take
from proofs.core.connection import LEISURE, serving
from proofs.fixtures.custom import MakeApp, MakeClient

LIMIT = 1000
URL = "/samples"


@pytest.fixture
def small(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API that takes small bodies only."""
    return make_client(http=HttpSettings(max_body_bytes=LIMIT))


def assert_too_large(response: httpx2.Response) -> None:
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["error_code"] == "content_too_large"
    assert (
        response.json()["detail"] == f"The body must not be larger than {LIMIT} bytes."
    )


async def test_a_body_that_is_announced_too_large_is_not_read(
    small: httpx2.AsyncClient,
) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("The body was read.")
        yield b""

    headers = {"Content-Length": str(LIMIT + 1), "Content-Type": "application/json"}
    assert_too_large(await small.post(URL, content=body(), headers=headers))


@pytest.mark.parametrize(
    "announced",
    [{}, {"Content-Length": "10"}, {"Content-Length": "-1"}, {"Content-Length": "x"}],
)
async def test_a_body_that_grows_too_large_is_not_read_to_its_end(
    small: httpx2.AsyncClient, announced: dict[str, str]
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 100
            yield b"x" * 100

    headers = {"Content-Type": "application/json", **announced}
    assert_too_large(await small.post(URL, content=body(), headers=headers))
    assert sent <= LIMIT + 200


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 400), (LIMIT + 1, 413)])
async def test_a_body_may_be_exactly_as_large_as_the_limit(
    small: httpx2.AsyncClient, size: int, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    response = await small.post(URL, content=b"{" * size, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize(
    "begin",
    [
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (LIMIT + 1, b"x" * (LIMIT + 1)),
        b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % (LIMIT + 1),
    ],
    ids=["chunked", "announced"],
)
async def test_no_end_is_waited_for(make_app: MakeApp, begin: bytes) -> None:
    app = make_app(http=HttpSettings(max_body_bytes=LIMIT))
    async with serving(app, LEISURE, []) as client:
        await send(client, b"POST /samples HTTP/1.1\r\nHost: test\r\n" + begin)
        answer = await take(client, b"}")
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_form_is_limited_like_any_other_body(small: httpx2.AsyncClient) -> None:
    response = await small.post(URL, data={"name": "x" * LIMIT})
    assert_too_large(response)


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/x-www-form-urlencoded"]
)
async def test_a_body_that_takes_too_long_is_refused(
    make_client: MakeClient, media_type: str
) -> None:
    async def body() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.001)

    hasty = make_client(http=HttpSettings(body_timeout=0.1))
    async with asyncio.timeout(20):
        response = await hasty.post(
            URL, content=body(), headers={"Content-Type": media_type}
        )
    assert response.status_code == 408
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Connection"] == "close"
    assert response.json()["error_code"] == "request_timeout"


async def test_the_time_for_a_body_ends_with_it(make_client: MakeClient) -> None:
    async def listen(request: Request) -> dict[str, str]:
        await request.body()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                await request.receive()
        return {"served": "anyway"}

    router = APIRouter()
    router.add_api_route("/listens", listen, methods=["POST"])
    hasty = make_client(router, http=HttpSettings(body_timeout=0.1))
    assert (await hasty.post("/listens", content=b"all")).status_code == 200
