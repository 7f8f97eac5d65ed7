"""A client that sends and takes what a test says, when it says so."""

import asyncio
import socket
from contextlib import suppress


async def send(client: socket.socket, data: bytes) -> None:
    """Send all of it."""
    await asyncio.get_running_loop().sock_sendall(client, data)


async def take(client: socket.socket, last: bytes = b"") -> bytes:
    """Read until the connection is closed, or certain bytes have come."""
    got = bytearray()
    with suppress(ConnectionError):
        while some := await asyncio.get_running_loop().sock_recv(client, 65_536):
            got += some
            if last and got.endswith(last):
                break
    return bytes(got)


async def drip(client: socket.socket, part: bytes) -> None:
    """Send a little again and again, until the server has had enough."""
    with suppress(ConnectionError):
        while part:
            await send(client, part)
            await asyncio.sleep(0.02)


async def take_dripping(client: socket.socket, part: bytes) -> bytes:
    """Do both, and give what was answered."""
    dripping = asyncio.create_task(drip(client, part))
    answer = await take(client)
    dripping.cancel()
    return answer
