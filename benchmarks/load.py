"""The load: keep-alive connections on loopback that send one request after the other.

Run as a script: `load.py PORT PATH SECONDS CONNECTIONS CORE AUTHORIZATION CALLERS FIRST` prints how
many were answered and the seconds they took. It ends by itself.

If there are callers, each request says that a proxy has sent it on for the next of them.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Count:
    """What all connections together have done."""

    deadline: float
    answered: int = 0
    open: int = 0


class Connection(asyncio.Protocol):
    """Sends the next request when the last one has been answered."""

    def __init__(self, requests: Iterator[bytes], count: Count, done: asyncio.Future[None]) -> None:
        self.requests = requests
        self.count = count
        self.done = done
        self.received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        self.transport = transport
        self.count.open += 1
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        """Go on when an answer is complete."""
        self.received += data
        head = self.received.find(END_OF_HEAD)
        if head < 0:
            return
        length = LENGTH.search(self.received, 0, head + 2)
        if not self.received.startswith(b"HTTP/1.1 200 ") or length is None:
            self.fail(self.received[:head].decode("latin-1"))
        elif len(self.received) >= head + len(END_OF_HEAD) + int(length[1]):
            self.received = b""
            self.count.answered += 1
            if time.perf_counter() < self.count.deadline:
                self.transport.write(next(self.requests))
            else:
                self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        """End with the last connection."""
        self.count.open -= 1
        if time.perf_counter() < self.count.deadline:
            self.fail("The server closed a connection.")
        elif not self.count.open and not self.done.done():
            self.done.set_result(None)

    def fail(self, reason: str) -> None:
        """Give up: a wrong answer must not count as a fast one."""
        if not self.done.done():
            self.done.set_exception(RuntimeError(reason))


def get(path: str, authorization: str) -> bytes:
    """Write a request, but for its end."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    return "\r\n".join([*lines, ""]).encode()


def from_callers(request: bytes, callers: int, first: int) -> Iterator[bytes]:
    """Write the same request again and again, each time for the next caller, if there are any."""
    if not callers:
        yield from repeat(request + b"\r\n")
    for number in count(first):
        caller = number % callers
        address = (caller >> 16, caller >> 8 & 255, caller & 255)
        yield b"%sX-Forwarded-For: 10.%d.%d.%d\r\n\r\n" % (request, *address)


async def run(
    port: int, requests: Iterator[bytes], seconds: float, connections: int
) -> tuple[int, float]:
    """Send requests for some seconds; give the number of answers and the time they took."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    started = time.perf_counter()
    total = Count(started + seconds)
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(requests, total, done), "127.0.0.1", port)
    async with asyncio.timeout(seconds + 10):
        await done
    return total.answered, time.perf_counter() - started


def main() -> None:
    """Print the result for the process that has started this one."""
    port, path, seconds, connections, core, authorization, callers, first = sys.argv[1:]
    requests = from_callers(get(path, authorization), int(callers), int(first))
    os.sched_setaffinity(0, {int(core)})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(*runner.run(run(int(port), requests, float(seconds), int(connections))))


if __name__ == "__main__":
    main()
