"""WebSockets: from the first request on, they are guarded as all requests are."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import WebSocket
from starlette.testclient import TestClient, WebSocketDenialResponse
from websockets.asyncio.client import connect

from app.core.errors import NotFoundError
from app.core.settings import HttpSettings
from proofs.core.connection import HASTE, serving
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.log import ReadLog

Make = Callable[..., TestClient]


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text(await socket.receive_text())


async def refuse(_socket: WebSocket) -> None:
    raise NotFoundError("There is no such room.")


async def close(socket: WebSocket) -> None:
    await socket.close()


async def count(socket: WebSocket, limit: int) -> None:
    await socket.send_text(str(limit))


@pytest.fixture
def make(make_app: MakeApp) -> Make:
    """Give a function that makes a client of an application with other settings."""

    def make(**changes: Any) -> TestClient:
        app = make_app(**changes)
        app.add_api_websocket_route("/echo", echo)
        app.add_api_websocket_route("/refuse", refuse)
        app.add_api_websocket_route("/close", close)
        app.add_api_websocket_route("/echo/1", count)
        return TestClient(app)

    return make


def test_messages_go_both_ways(make: Make) -> None:
    with make().websocket_connect("/echo") as socket:
        for text in ("one", "two"):
            socket.send_text(text)
            assert socket.receive_text() == text


def test_it_may_stay_open_longer_than_a_request(make: Make) -> None:
    client = make(http=HttpSettings(request_timeout=0.01))
    with client.websocket_connect("/echo") as socket:
        for _ in range(20):
            socket.send_text("still here")
            assert socket.receive_text() == "still here"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/refuse", {}, 404),
        ("/nowhere", {}, 404),
        ("/close", {}, 403),
        ("/echo/1?limit=many", {}, 403),
        ("/echo", {"Host": "evil.example"}, 400),
        ("/echo?name=%ff", {}, 400),
    ],
)
def test_a_refusal_is_a_problem_document(
    make: Make, path: str, headers: dict[str, str], status: int
) -> None:
    client = make(http=HttpSettings(allowed_hosts=("testserver",)))
    with pytest.raises(WebSocketDenialResponse) as refusal:
        client.websocket_connect(path, headers=headers).__enter__()
    assert refusal.value.status_code == status
    assert refusal.value.headers["Content-Type"] == "application/problem+json"
    assert refusal.value.headers["X-Content-Type-Options"] == "nosniff"
    assert refusal.value.json()["request_id"] == refusal.value.headers["X-Request-ID"]


def test_each_is_a_line_in_the_log(make: Make, log: ReadLog) -> None:
    client = make(log_format="json")
    with client.websocket_connect("/echo"):
        pass
    with pytest.raises(WebSocketDenialResponse):
        client.websocket_connect("/refuse").__enter__()
    lines = [line for line in log() if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/echo", 101),
        ("/refuse", 404),
    ]


async def test_a_server_leaves_its_time_to_it(make_app: MakeApp) -> None:
    app = make_app()
    app.add_api_websocket_route("/echo", echo)
    async with (
        serving(app, HASTE, [], ws="auto") as client,
        connect("ws://test/echo", sock=client) as socket,
    ):
        await asyncio.sleep(3 * HASTE.body_timeout)
        await socket.send("still here")
        assert await socket.recv() == "still here"
