"""Stands between the application and a server, and breaks the connection on command."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from typing import Any

CHUNK = 65_536
COMMIT = re.compile(rb"\bCOMMIT\b")
RESET = struct.pack("ii", 1, 0)
"""Of the option to linger: not at all."""
COMMIT_SECONDS = 0.5
"""How long the database is given to commit before the connection is cut."""


class Fault(Enum):
    """What happens to bytes and connections."""

    NONE = auto()
    CLOSE = auto()
    HANG = auto()
    LOSE_REPLY_TO_COMMIT = auto()


class Proxy:
    """A relay on loopback; `fault` may change at any time, also for open connections."""

    def __init__(self, host: str, port: int) -> None:
        self.fault = Fault.NONE
        self.port = 0
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def refuse(self) -> None:
        """Stop to listen, and cut all connections."""
        self._run(self._stop())
        self.cut()

    def listen(self) -> None:
        """Listen, on the same port as before."""
        self._run(self._start())

    def cut(self) -> None:
        """Close all connections, as a server does that restarts."""
        self._run(self._cut())

    def reset(self) -> None:
        """Reset all connections, as a machine does that has forgotten them."""
        self._run(self._cut(linger=True))

    def heal(self) -> None:
        """End whatever fault there is; connections that hung are gone."""
        if self.fault is not Fault.NONE:
            self.fault = Fault.NONE
            self.cut()
        if self._server is None:
            self.listen()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _cut(self, *, linger: bool = False) -> None:
        for writer in self._writers:
            made = writer.get_extra_info("socket")
            if linger and made.fileno() >= 0:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self.fault is Fault.CLOSE:
            writer.transport.abort()
        with suppress(OSError):
            there, back = await asyncio.open_connection(*self._target)
            self._writers.add(back)
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
            self._writers.discard(back)
        self._writers.discard(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                while self.fault is Fault.HANG:
                    await asyncio.sleep(0.02)
                losing = self.fault is Fault.LOSE_REPLY_TO_COMMIT and bool(COMMIT.search(data))
                if losing:
                    self.fault = Fault.HANG
                sink.write(data)
                if losing:
                    await asyncio.sleep(COMMIT_SECONDS)
                    await self._cut()
        sink.close()


@contextmanager
def open_proxy(host: str, port: int) -> Iterator[Proxy]:
    """Run a proxy in a thread of its own."""
    proxy = Proxy(host, port)
    thread = threading.Thread(target=proxy._loop.run_forever, daemon=True)
    thread.start()
    proxy.listen()
    try:
        yield proxy
    finally:
        proxy.refuse()
        proxy._loop.call_soon_threadsafe(proxy._loop.stop)
        thread.join()
        proxy._loop.close()
