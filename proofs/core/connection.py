"""A real server for one connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from app.core.http import server
from app.core.http.server import ServerProtocol
from app.core.project import ProjectSettings
from app.core.settings import HttpSettings

HASTE = HttpSettings(body_timeout=0.2, request_timeout=0.2)
LEISURE = HttpSettings(body_timeout=60, request_timeout=60)


def served(http: HttpSettings, environment: str = "test") -> ProjectSettings:
    """Return settings of which a server uses these; the others need no values."""
    return ProjectSettings.model_construct(http=http, environment=environment)


@asynccontextmanager
async def serving(
    app: ASGIApp,
    http: HttpSettings,
    connections: list[ServerProtocol],
    *,
    keep_alive: int = 60,
    ws: Literal["none", "auto"] = "none",
    environment: str = "test",
) -> AsyncIterator[socket.socket]:
    """Connect to a server; without its limits, a test would last until it is given up."""
    config = Config(app, ws=ws, log_config=None, timeout_keep_alive=keep_alive)
    state = ServerState()

    def connect() -> ServerProtocol:
        settings = served(http, environment)
        connections.append(ServerProtocol(config, state, {}, settings=settings))
        return connections[-1]

    loop = asyncio.get_running_loop()
    listener = await loop.create_server(connect, "127.0.0.1", 0)
    with socket.socket() as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "HEAD_TIMEOUT", http.request_timeout)
        patch.setattr(server, "WATCH_INTERVAL", 0.02)
        client.setblocking(False)
        async with asyncio.timeout(20), listener:
            await loop.sock_connect(client, listener.sockets[0].getsockname())
            yield client
