"""What every request passes through: its id, its time limit, its last resort."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
import structlog
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.http.middleware import RequestMiddleware
from app.core.http.request import without_time_limit
from app.core.settings import HttpSettings
from proofs.fixtures.custom import MakeClient
from proofs.fixtures.log import ReadLog

router = APIRouter()
SECONDS = 0.05


@router.get("/hangs")
async def hang() -> None:
    await asyncio.Event().wait()


@router.get("/streams", dependencies=[Depends(without_time_limit)])
async def stream() -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        for number in range(3):
            await asyncio.sleep(SECONDS)
            yield f"{number}\n"

    return StreamingResponse(lines())


@router.get("/fails")
async def fail() -> None:
    raise RuntimeError("nobody expected this")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/health/live", 405),
        ("GET", "/samples/7", 422),
    ],
)
async def test_every_answer_has_a_request_id(
    client: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert len(response.headers["X-Request-ID"]) == 32


async def test_every_request_has_an_id_of_its_own(client: httpx2.AsyncClient) -> None:
    ids = {(await client.get("/health/live")).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("request_id", ["12345678", "a.b_c-D9" * 8])
async def test_a_harmless_request_id_is_taken_over(
    client: httpx2.AsyncClient, request_id: str
) -> None:
    response = await client.get("/nowhere", headers={"X-Request-ID": request_id})
    assert response.headers.get_list("X-Request-ID") == [request_id]
    assert response.json()["request_id"] == request_id


@pytest.mark.parametrize(
    "request_id",
    [
        b"",
        b"1234567",
        b"x" * 65,
        b"x" * 8000,
        b"12345678\r\nSet-Cookie: a=b",
        b"12345678\n",
        b"1234 5678",
        "Größe-1234".encode(),
        b'12345678"}',
        b"${jndi:ldap}",
    ],
)
async def test_a_hostile_request_id_is_replaced(
    client: httpx2.AsyncClient, request_id: bytes
) -> None:
    response = await client.get("/health/live", headers=[(b"X-Request-ID", request_id)])
    assert response.headers["X-Request-ID"].isalnum()
    assert len(response.headers["X-Request-ID"]) == 32


async def test_a_request_that_takes_too_long_is_given_up(
    make_client: MakeClient, log: ReadLog
) -> None:
    client = make_client(router, http=HttpSettings(request_timeout=0.01))
    async with asyncio.timeout(5):
        response = await client.get("/hangs")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error_code"] == "service_unavailable"
    events = [entry["event"] for entry in log()]
    assert events == ["request_timed_out", "request"]


async def test_an_unexpected_error_is_logged_once_with_its_trace(
    make_client: MakeClient, log: ReadLog
) -> None:
    response = await make_client(router).get("/fails")
    error, request = log()
    assert (error["event"], error["level"]) == ("unhandled_error", "error")
    assert "nobody expected this" in error["exception"]
    assert (request["event"], request["status"]) == ("request", 500)
    assert response.json()["request_id"] == error["request_id"] == request["request_id"]


async def test_the_trace_is_shown_for_debugging_only(make_client: MakeClient) -> None:
    hidden = await make_client(router).get("/fails")
    assert "nobody" not in hidden.text
    with pytest.raises(RuntimeError, match="nobody expected this"):
        await make_client(router, debug=True).get("/fails")


def around(app: ASGIApp) -> RequestMiddleware:
    return RequestMiddleware(app, headers=[], access_log=structlog.get_logger())


async def test_an_error_after_the_answer_began_ends_the_connection(
    log: ReadLog,
) -> None:
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late to say so")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(RuntimeError):
        await around(app)(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]
    assert log() == []


async def test_what_is_no_request_passes() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def nothing(*_: object) -> Message:
        return {}

    await around(app)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]


async def test_a_stream_takes_as_long_as_it_needs(make_client: MakeClient) -> None:
    http = HttpSettings(request_timeout=SECONDS)
    async with make_client(router, http=http) as client:
        response = await client.get("/streams")
        assert (response.status_code, response.text) == (200, "0\n1\n2\n")
        assert (await client.get("/hangs")).status_code == 503
