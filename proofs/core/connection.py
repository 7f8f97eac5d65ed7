"""A real server for one connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from app.core.http.server import ServerProtocol, Timeouts

HASTE = Timeouts(head=0.2, body=0.2, answer=0.2)
LEISURE = Timeouts(head=60, body=60, answer=60)


@asynccontextmanager
async def serving(
    app: ASGIApp,
    timeouts: Timeouts,
    connections: list[ServerProtocol],
    *,
    keep_alive: int = 60,
) -> AsyncIterator[socket.socket]:
    """Connect to a server; without its limits, a test would last until it is given up."""
    config = Config(app, ws="none", log_config=None, timeout_keep_alive=keep_alive)
    state = ServerState()

    def connect() -> ServerProtocol:
        connections.append(ServerProtocol(config, state, {}, timeouts=timeouts))
        return connections[-1]

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connect, "127.0.0.1", 0)
    with socket.socket() as client:
        client.setblocking(False)
        async with asyncio.timeout(20), server:
            await loop.sock_connect(client, server.sockets[0].getsockname())
            yield client
