"""The size of request bodies, and the time that they may take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, Form, Request, UploadFile
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message

from app.core.http.body import SMALL_BODY, check_body
from app.core.settings import HttpSettings
from proofs.core.client import send, take
from proofs.core.connection import LEISURE, serving
from proofs.fixtures.custom import MakeApp, MakeClient

Body = dict[str, str]

LIMIT = 1000
URL, FORM, RAW, UPLOAD, LARGER = "/json", "/form", "/raw", "/upload", "/larger"

router = APIRouter()


@router.post(URL)
async def take_json(body: Body) -> int:
    return len(body)


@router.post(FORM)
async def take_form(name: Annotated[str, Form()]) -> int:
    return len(name)


@router.post(RAW)
async def take_raw(request: Request) -> int:
    return len(await request.body())


@router.post(UPLOAD, max_body_size=100_000)
async def take_upload(file: UploadFile) -> int:
    return len(await file.read())


@router.post(LARGER, max_body_size=2 * LIMIT)
async def take_more(body: Body) -> int:
    return len(body)


@pytest.fixture
def small(make_client: MakeClient) -> httpx2.AsyncClient:
    """Give a client of an API that takes small bodies only."""
    return make_client(router, http=HttpSettings(max_body_bytes=LIMIT))


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
    app.include_router(router)
    async with serving(app, LEISURE, []) as client:
        await send(client, b"POST /raw HTTP/1.1\r\nHost: test\r\n" + begin)
        answer = await take(client, b"}")
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_form_is_limited_like_any_other_body(small: httpx2.AsyncClient) -> None:
    response = await small.post(FORM, data={"name": "x" * LIMIT})
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

    hasty = make_client(router, http=HttpSettings(body_timeout=0.1))
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

    listening = APIRouter()
    listening.add_api_route("/listens", listen, methods=["POST"])
    hasty = make_client(listening, http=HttpSettings(body_timeout=0.1))
    assert (await hasty.post("/listens", content=b"all")).status_code == 200


@pytest.mark.parametrize("announced", [True, False])
async def test_a_route_declares_that_it_takes_more(
    small: httpx2.AsyncClient, announced: bool
) -> None:
    def body(size: int) -> bytes | AsyncIterator[bytes]:
        text = b'{"a": "' + b"x" * (size - 9) + b'"}'
        return text if announced else parts(text)

    headers = {"Content-Type": "application/json"}
    taken = await small.post(LARGER, content=body(2 * LIMIT), headers=headers)
    assert (taken.status_code, taken.text) == (200, "1")
    refused = await small.post(LARGER, content=body(2 * LIMIT + 1), headers=headers)
    assert refused.status_code == 413
    assert refused.headers["Content-Type"] == "application/problem+json"


async def parts(text: bytes) -> AsyncIterator[bytes]:
    for place in range(0, len(text), 100):
        yield text[place : place + 100]


@pytest.mark.parametrize(
    ("url", "status"),
    [(URL, 415), (FORM, 415), (RAW, 200), (UPLOAD, 200), ("/no", 404)],
)
async def test_only_an_upload_takes_several_parts(
    make_client: MakeClient, url: str, status: int
) -> None:
    response = await make_client(router).post(url, files={"file": b"x" * 10_000})
    assert response.status_code == status
    if status == 415:
        assert response.json()["error_code"] == "unsupported_media_type"


async def test_a_form_is_small(make_client: MakeClient) -> None:
    client = make_client(router)
    for size, status in ((SMALL_BODY - 5, 200), (SMALL_BODY - 4, 413)):
        response = await client.post(FORM, data={"name": "x" * size})
        assert response.status_code == status


async def test_a_body_that_may_take_longer_has_time_for_what_has_come() -> None:
    parts = 5

    async def receive() -> Message:
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    patient = check_body(Headers(), receive, 10**6, timeout=0.3, slowest=1000)
    for _ in range(parts):
        assert len((await patient())["body"]) == 1000
    hasty = check_body(Headers(), receive, 10**6, timeout=0.3)
    taken = 0
    with suppress(HTTPException):
        for _ in range(parts):
            taken += len((await hasty())["body"])
    assert taken < parts * 1000


async def test_a_body_that_may_take_longer_is_not_waited_for_without_end() -> None:
    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    waiting = check_body(Headers(), receive, 10**6, timeout=0.05, slowest=1000)
    with pytest.raises(HTTPException, match="took too long"):
        await waiting()
