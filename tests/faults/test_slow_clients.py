"""Clients that take for ever to ask are sent away in time; all others are served meanwhile."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.conftest import RenderFor
from tests.faults.serving import ITEMS, PATIENCE, Api, migrate, serve

OF_EACH_KIND = 50
START = b"Host: localhost\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: 1000\r\n\r\n"
UNREAD = b"HTTP/1.1 404 Not Found"
REFUSED = b"HTTP/1.1 408 Request Timeout"


@pytest.fixture(scope="module")
def root(render_for: RenderFor) -> Path:
    """The rendered project."""
    return render_for("sqlite")


@pytest.fixture
def api(root: Path, tmp_path: Path) -> Iterator[Api]:
    """The running application; in the end it works, and its log shows no surprise."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    migrate(root, url)
    with serve(root, url) as api:
        yield api
        assert api.works()
    assert "Traceback" not in api.log.read_text()


async def drip(client: socket.socket, part: bytes) -> None:
    """Send a little, again and again."""
    with suppress(ConnectionError):
        while part:
            await asyncio.sleep(0.1)
            await asyncio.get_running_loop().sock_sendall(client, part)


async def ask_slowly(port: int, begin: bytes) -> bytes:
    """Go on with a request for ever, if it was begun, and give what was answered until the end."""
    loop, answer = asyncio.get_running_loop(), b""
    with socket.socket() as client:
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", port))
        await loop.sock_sendall(client, begin)
        dripping = asyncio.create_task(drip(client, b"1" if begin else b""))
        with suppress(ConnectionError):
            while some := await loop.sock_recv(client, 65_536):
                answer += some
        dripping.cancel()
    return answer


async def crowd(api: Api, begin: bytes) -> list[bytes]:
    """Ask slowly many times at once; as long as one waits, the application must work."""
    port = api.client.base_url.port or 0
    slow = [asyncio.create_task(ask_slowly(port, begin)) for _ in range(OF_EACH_KIND)]
    async with asyncio.timeout(PATIENCE):
        while not all(one.done() for one in slow):
            assert await asyncio.to_thread(api.works)
            await asyncio.sleep(0.1)
        return await asyncio.gather(*slow)


async def crowds(api: Api, *begins: bytes) -> list[list[bytes]]:
    """Let several crowds come at once."""
    return await asyncio.gather(*(crowd(api, begin) for begin in begins))


def test_slow_heads_and_bodies_are_refused(api: Api) -> None:
    post = b"POST %s HTTP/1.1\r\n" % ITEMS.encode() + START
    heads, bodies = asyncio.run(crowds(api, post, post + LENGTH))
    assert {answer.partition(b"\r\n")[0] for answer in heads + bodies} == {REFUSED}
    assert all(b"application/problem+json" in answer for answer in heads + bodies)


def test_silence_and_bodies_that_nobody_reads_are_not_waited_for(api: Api) -> None:
    post = b"POST /nowhere HTTP/1.1\r\n" + START + LENGTH
    unread, silent = asyncio.run(crowds(api, post, b""))
    assert {answer.partition(b"\r\n")[0] for answer in unread} == {UNREAD}
    assert silent == [b""] * OF_EACH_KIND
