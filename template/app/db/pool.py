"""A pool of connections to a server, which may hang in many places."""

import asyncio
import logging
import sys

from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import await_only

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
        limit = asyncio.timeout(self.timeout() + GRACE)
        await_only(limit.__aenter__())
        try:
            return super().connect()
        finally:
            await_only(limit.__aexit__(*sys.exc_info()))
