"""A client that measures single answers, where the load only counts them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
HEALTH = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def login(username: str, password: str) -> bytes:
    """Write a login."""
    body = urlencode({"grant_type": "password", "username": username, "password": password})
    return post("/api/v1/auth/login", "application/x-www-form-urlencoded", body)


def forgot(email: str) -> bytes:
    """Write the request of somebody who has forgotten a password."""
    return post("/api/v1/auth/forgot-password", "application/json", json.dumps({"email": email}))


def post(path: str, media_type: str, body: str) -> bytes:
    """Write a request with a body."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


@dataclass(frozen=True)
class Connection:
    """A keep-alive connection on loopback."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> tuple[int, float]:
        """Send a request; give the status of its answer and the seconds that it took."""
        started = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        await self.reader.readexactly(int(length[1]) if length else 0)
        return int(head.split(b" ", 2)[1]), time.perf_counter() - started

    def close(self) -> None:
        """Disconnect."""
        self.writer.close()
