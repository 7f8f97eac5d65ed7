"""Clients that take too long, on real connections."""

import asyncio
import json
from collections.abc import Callable
from io import StringIO

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.core.http.server import NOTHING, ServerProtocol
from app.core.logging import configure_logging
from proofs.core.client import send, take, take_dripping
from proofs.core.connection import HASTE, LEISURE, serving
from proofs.fixtures.log import ReadLog

SERVED = PlainTextResponse("served")
START = b"GET / HTTP/1.1\r\nHost: test\r\n"
UPLOADED = 1_000_000
UPLOAD = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n" % UPLOADED
HUGE = 20_000_000
"""More than the buffers of both ends can hold."""


@pytest.fixture
def connections(restored_logging: None) -> list[ServerProtocol]:  # noqa: ARG001
    """Collect what the server makes of connections."""
    configure_logging("INFO", json=True, stream=StringIO())
    return []


async def until(is_true: Callable[[], bool]) -> None:
    while True:
        if is_true():
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("begin", [b"", b"\r\n"], ids=["silent", "empty lines"])
async def test_who_asks_nothing_is_not_waited_for(
    connections: list[ServerProtocol], begin: bytes
) -> None:
    async with serving(SERVED, HASTE, connections) as client:
        assert await take_dripping(client, begin) == b""


@pytest.mark.parametrize(
    ("begin", "part"),
    [(b"G", b""), (START, b""), (START, b"x"), (START + b"X: ", b"x")],
)
async def test_a_head_that_takes_too_long_is_refused(
    connections: list[ServerProtocol], log: ReadLog, begin: bytes, part: bytes
) -> None:
    configure_logging("INFO", json=True)
    async with serving(SERVED, HASTE, connections) as client:
        await send(client, begin)
        head, _, body = (await take_dripping(client, part)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"\r\ncontent-type: application/problem+json\r\n" in head
    assert b"\r\nconnection: close" in head
    assert json.loads(body)["error_code"] == "request_timeout"
    assert log()[-1]["event"] == "request_refused"


@pytest.mark.parametrize("begin", [b"G", b"\r\n"], ids=["a letter", "an empty line"])
async def test_a_connection_that_is_kept_has_no_more_time(
    connections: list[ServerProtocol], begin: bytes
) -> None:
    async with serving(SERVED, HASTE, connections) as client:
        await send(client, START + b"\r\n")
        await take(client, b"served")
        await send(client, begin)
        answer = await take(client)
    assert answer[:13] == {b"G": b"HTTP/1.1 408 "}.get(begin, b"")


async def test_a_connection_that_is_not_used_again_is_closed(
    connections: list[ServerProtocol],
) -> None:
    async with serving(SERVED, LEISURE, connections, keep_alive=0) as client:
        await send(client, START + b"\r\n")
        assert (await take(client)).endswith(b"served")


async def test_a_body_that_nobody_reads_is_not_waited_for(
    connections: list[ServerProtocol],
) -> None:
    async with serving(SERVED, HASTE, connections) as client:
        await send(client, UPLOAD)
        answer = await take_dripping(client, b"x")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"served")


async def test_the_time_of_the_application_is_not_that_of_the_client(
    connections: list[ServerProtocol],
) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(HASTE.request_timeout * 3)
        await PlainTextResponse("served")(scope, receive, send)

    async with serving(slow, HASTE, connections) as client:
        await send(client, START + b"\r\n" + START)
        answer = await take(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"servedHTTP/1.1 408 " in answer


@pytest.mark.parametrize(
    ("begin", "rest"),
    [
        (START, b"\r\n" + START),
        (UPLOAD, b"x" * UPLOADED + START),
    ],
    ids=["head, head", "body, head"],
)
async def test_each_part_of_a_request_has_its_own_time(
    connections: list[ServerProtocol], begin: bytes, rest: bytes
) -> None:
    async with serving(SERVED, LEISURE, connections) as client:
        await send(client, begin)
        await until(lambda: any(one.scope for one in connections))
        first = connections[0].awaited()
        await send(client, rest)
        await until(lambda: connections[0].awaited() not in {first, NOTHING})


async def test_nothing_is_timed_between_requests(
    connections: list[ServerProtocol],
) -> None:
    async with serving(SERVED, LEISURE, connections) as client:
        for part in (START + b"\r\n", UPLOAD + b"x" * UPLOADED, START + b"\r\n"):
            await send(client, part)
            await take(client, b"served")
        assert connections[0].awaited() == NOTHING


@pytest.mark.parametrize(
    "headers", [{}, {"Connection": "close"}], ids=["kept", "closed"]
)
async def test_an_answer_that_is_not_taken_is_thrown_away(
    connections: list[ServerProtocol], headers: dict[str, str]
) -> None:
    huge = PlainTextResponse(b"x" * HUGE, headers=headers)
    async with serving(huge, HASTE, connections) as client:
        await send(client, START + b"\r\n")
        await until(lambda: any(one.parser is None for one in connections))
    assert connections[0].watching.cancelled()


@pytest.mark.parametrize("keep", ["keep-alive", "close"])
async def test_who_takes_an_answer_slowly_gets_all_of_it(
    connections: list[ServerProtocol], keep: str
) -> None:
    huge = PlainTextResponse(b"x" * HUGE + b"end", headers={"Connection": keep})
    loop, taken = asyncio.get_running_loop(), bytearray()
    async with serving(huge, HASTE, connections) as client:
        await send(client, START + b"\r\n")
        for _ in range(12):
            await asyncio.sleep(HASTE.request_timeout / 4)
            for _ in range(10):
                taken += await loop.sock_recv(client, 65_536)
        assert connections[0].awaited()[0] == "answer"
        taken += await take(client, b"end")
    assert taken.endswith(b"x" * HUGE + b"end")


@pytest.mark.parametrize(
    ("part", "awaited"), [(START, "head"), (START + b"\r\n", "answer")]
)
async def test_nothing_is_timed_after_a_connection(
    connections: list[ServerProtocol], part: bytes, awaited: str
) -> None:
    async with serving(PlainTextResponse(b"x" * HUGE), LEISURE, connections) as client:
        await send(client, part)
        await until(lambda: any(one.awaited()[0] == awaited for one in connections))
        client.close()
        await until(lambda: connections[0].parser is None)
    assert connections[0].watching.cancelled()
