"""Clients with several addresses, which ask a running project at the same time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping

import httpx2

from tests.faults.serving import PATIENCE, Answer

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
"""All of them are this machine's, and any can be a client's."""

AT_ONCE = 10


def client_from(address: str, base_url: httpx2.URL) -> httpx2.AsyncClient:
    """Make a client; each of its requests has a connection of its own, for whichever worker."""
    alone = httpx2.Limits(max_keepalive_connections=0)
    transport = httpx2.AsyncHTTPTransport(local_address=address, limits=alone)
    return httpx2.AsyncClient(base_url=base_url, transport=transport, timeout=PATIENCE)


async def timed(client: httpx2.AsyncClient, path: str, headers: Mapping[str, str]) -> Answer:
    """Read something."""
    started = time.monotonic()
    response = await client.get(path, headers=dict(headers))
    return Answer(response, time.monotonic() - started)


async def ask_often(
    base_url: httpx2.URL, address: str, path: str, times: int, headers: Mapping[str, str]
) -> Counter[int]:
    """Ask from one address, many at once; count the statuses of the answers."""
    statuses: Counter[int] = Counter()

    async def ask(client: httpx2.AsyncClient, share: int) -> None:
        for _ in range(share):
            answer = await timed(client, path, headers)
            statuses[answer.response.status_code] += 1

    async with client_from(address, base_url) as client, asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(ask(client, times // AT_ONCE))
    return statuses
