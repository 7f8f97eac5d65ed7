"""What never reaches the application: broken requests, endless headers."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from app.core.errors import Problem, title_of
from app.core.http import server
from app.core.http.middleware import SECURITY_HEADERS, security_headers
from app.core.http.server import MAX_HEAD_BYTES, ServerProtocol, refusal
from app.core.logging import configure_logging
from proofs.core.client import send as send_all
from proofs.core.client import take
from proofs.core.connection import HASTE, LEISURE, served, serving
from proofs.fixtures.log import ReadLog

START = b"GET / HTTP/1.1\r\nHost: test\r\n"
SOCKET = START + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
VALID = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY[:-2]


@pytest.fixture
async def port(restored_logging: None) -> AsyncIterator[int]:  # noqa: ARG001
    """Give the port of a server whose application always answers."""
    configure_logging("INFO", json=True, stream=StringIO())
    config = Config(PlainTextResponse("served"), ws="none", log_config=None)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: ServerProtocol(config, state, {}, settings=served(LEISURE)),
        "127.0.0.1",
        0,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def talk(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(5):
            for part in parts:
                writer.write(part)
                await writer.drain()
            writer.write_eof()
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"canary\r\n\r\n",
        START + b"Content-Length: canary\r\n\r\n",
        START + b"Bad Header: canary\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_with_a_problem(
    port: int, log: ReadLog, request_bytes: bytes
) -> None:
    configure_logging("INFO", json=True)
    head, _, body = (await talk(port, request_bytes)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\ncontent-type: application/problem+json\r\n" in head
    assert b"\r\nx-content-type-options: nosniff\r\n" in head
    assert f"\r\nx-request-id: {json.loads(body)['request_id']}\r\n".encode() in head
    assert b"canary" not in body
    entry = log()[-1]
    assert (entry["status"], entry["request_id"]) == (
        400,
        json.loads(body)["request_id"],
    )


@pytest.mark.parametrize(
    "head",
    [
        START + b"X: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n",
        START + b"X: x\r\n" * (MAX_HEAD_BYTES // 4) + b"\r\n",
        b"GET /" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: test\r\n\r\n",
    ],
    ids=["one", "many", "address"],
)
async def test_the_size_of_headers_is_bounded(port: int, head: bytes) -> None:
    assert (await talk(port, head)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "framing",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
        b"Content-Length: 0, 40\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
    ],
)
async def test_a_body_ends_in_one_place(port: int, framing: bytes) -> None:
    smuggled = b"GET /hidden HTTP/1.1\r\nHost: test\r\n\r\n"
    answer = await talk(port, b"POST / HTTP/1.1\r\nHost: test\r\n" + framing + smuggled)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"served" not in answer


async def test_a_header_without_end_is_cut_off(port: int) -> None:
    answer = await talk(port, START + b"X: ", *[b"x" * MAX_HEAD_BYTES] * 10)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


async def flood(writer: asyncio.StreamWriter, data: bytes) -> None:
    for _ in range(1000):
        writer.write(data)
        await writer.drain()


@pytest.mark.parametrize(
    "trailers",
    [b"X: " + b"x" * 65_000 + b"\r\n", b"x" * 65_536],
    ids=["many", "one without end"],
)
async def test_trailers_without_end_are_cut_off(port: int, trailers: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head + b"2\r\n{}\r\n0\r\nX: ")
    with pytest.raises(ConnectionError):
        await flood(writer, trailers)
    writer.close()


async def test_no_more_requests_are_read_than_are_answered(
    restored_logging: None,  # noqa: ARG001
) -> None:
    connections: list[ServerProtocol] = []
    waiting = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        waiting.append(len(connections[0].pipeline))
        await PlainTextResponse("served")(scope, receive, send)

    number, request = 2000, START + b"X: " + b"x" * 4000 + b"\r\n\r\n"
    async with serving(app, LEISURE, connections) as client:
        sending = asyncio.create_task(send_all(client, request * number))
        answered = 0
        while answered < number:
            answers = await asyncio.get_running_loop().sock_recv(client, 65_536)
            answered += answers.count(b"served")
        await sending
    assert max(waiting) < number / 4


IN_PRODUCTION = {name.decode(): value.decode() for name, value in SECURITY_HEADERS}
IN_PRODUCTION |= {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-type": "application/problem+json",
    "connection": "close",
}


def assert_complete(answer: bytes, status: int) -> None:
    """Make sure that an answer of the server itself has all that any other has."""
    head, _, body = answer.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    names = [line.partition(": ")[0].lower() for line in lines]
    headers = dict(line.split(": ", 1) for line in lines)
    problem = json.loads(body)
    assert start.startswith(f"HTTP/1.1 {status} ")
    assert len(names) == len(set(names)), "none twice"
    assert {"server", "date", "x-powered-by"}.isdisjoint(names)
    assert {name: headers.get(name) for name in IN_PRODUCTION} == IN_PRODUCTION
    assert int(headers["content-length"]) == len(body)
    assert headers["x-request-id"] == problem["request_id"]
    assert problem.keys() == Problem.example.keys()
    assert (problem["status"], problem["title"]) == (status, title_of(status))


@pytest.mark.parametrize("status", server.REFUSALS)
def test_what_the_server_itself_answers_is_complete(status: int) -> None:
    headers = security_headers(served(LEISURE, "production"))
    assert_complete(refusal(status, "an-id", headers), status)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([b"canary\r\n\r\n"], 400),
        ([b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], 400),
        ([b"CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n"], 400),
        ([b"GET / HTTP/1.1\nHost: test\n\n"], 400),
        ([b"GET /\0 HTTP/1.1\r\nHost: test\r\n\r\n"], 400),
        ([START + b"Content-Length: -1\r\n\r\n"], 400),
        ([START + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"], 400),
        ([SOCKET + b"Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: " + KEY], 400),
        ([SOCKET + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n"], 400),
        ([SOCKET + VALID + b"Sec-WebSocket-Version: 13\r\n\r\n"], 400),
        ([SOCKET + VALID + b"Sec-WebSocket-Key: " + KEY], 400),
        ([SOCKET + VALID + b"Sec-WebSocket-Protocol: a b\r\n\r\n"], 400),
        ([SOCKET + VALID + b"Sec-WebSocket-Extensions: ;;=\r\n\r\n"], 400),
        ([SOCKET + VALID + b"Sec-WebSocket-Extensions: \xe9\r\n\r\n"], 400),
        ([START + b"X: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n"], 431),
        ([b"GET /" + b"x" * 17_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n"], 431),
        ([START], 408),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_whatever_is_refused_in_production_is_refused_completely(
    restored_logging: None,  # noqa: ARG001
    parts: list[bytes],
    status: int,
) -> None:
    configure_logging("INFO", json=True, stream=StringIO())
    http = HASTE if status == 408 else LEISURE
    async with serving(
        PlainTextResponse("served"), http, [], ws="auto", environment="production"
    ) as client:
        await send_all(client, b"".join(parts))
        assert_complete(await take(client), status)


async def test_large_headers_are_taken_request_after_request(port: int) -> None:
    head = START + b"X: " + b"x" * (MAX_HEAD_BYTES - 1000) + b"\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head * 3)
    async with asyncio.timeout(5):
        for _ in range(3):
            assert (await reader.readuntil(b"served")).startswith(b"HTTP/1.1 200 ")
    writer.close()


@pytest.mark.parametrize(
    ("protocol", "events"), [(b"h2c", []), (b"websocket", ["websocket_refused"])]
)
async def test_no_other_protocol_is_offered(
    port: int, log: ReadLog, protocol: bytes, events: list[str]
) -> None:
    configure_logging("INFO", json=True)
    asked = b"Connection: close, Upgrade\r\nUpgrade: " + protocol
    assert b"served" in await talk(port, START + asked + b"\r\n\r\n")
    assert [entry["event"] for entry in log()] == events


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n",
        START + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n",
    ],
    ids=["a long address", "many headers"],
)
async def test_what_is_long_to_look_through_is_refused(port: int, head: bytes) -> None:
    assert (await talk(port, head)).startswith(b"HTTP/1.1 431 ")


async def test_connections_above_a_number_are_told_to_come_back(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 1)
    _, first = await asyncio.open_connection("127.0.0.1", port)
    answer = await talk(port)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 1\r\n" in answer
    first.close()
    await first.wait_closed()
    await asyncio.sleep(0)
    closing = START + b"Connection: close\r\n\r\n"
    answers = [await talk(port, closing) for _ in range(10)]
    assert answers[-1].endswith(b"served")
