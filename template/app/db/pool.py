"""A pool of connections to a server, which may hang in many places."""

import asyncio
import logging

from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import await_only, greenlet_spawn

# The library would be quiet under its own name.
logging.getLogger(__name__).setLevel(logging.WARNING)

GRACE = 0.1
"""Seconds more than waiting for a free connection may take: then the pool says so."""


class Pool(AsyncAdaptedQueuePool):
    """Bounds all that it takes to get a connection: waiting, testing, connecting."""

    def connect(self) -> PoolProxiedConnection:
        """Return a connection.

        Raises:
            TimeoutError: If all of it takes too long.
        """
        return await_only(self._connect())

    async def _connect(self) -> PoolProxiedConnection:
        async with asyncio.timeout(self.timeout() + GRACE):
            return await greenlet_spawn(super().connect)
