"""What servers have in common: they are reached with a password, and may hang."""

import asyncio
import logging
import sys

from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection, make_url
from sqlalchemy.util import await_only

# The library would be quiet under its own name.
logging.getLogger(__name__).setLevel(logging.WARNING)

PLACEHOLDER = "change-me"
"""Stands in examples for the password that everyone must choose."""
GRACE = 0.1
"""Seconds more than waiting for a free connection may take: then the pool says so."""


class Pool(AsyncAdaptedQueuePool):
    """Bounds all that it takes to get a connection: waiting, testing, connecting."""

    def connect(self) -> PoolProxiedConnection:
        """Return a connection.

        Raises:
            ConnectionError: If the server cannot be reached.
            TimeoutError: If all of it takes too long.
        """
        limit = asyncio.timeout(self.timeout() + GRACE)
        await_only(limit.__aenter__())
        try:
            return super().connect()
        except (ConnectionError, TimeoutError):
            raise
        except OSError as error:
            # No route to the host, no such socket: nobody else could tell.
            raise ConnectionError(str(error)) from error
        finally:
            await_only(limit.__aexit__(*sys.exc_info()))


def refuse_in_production(url: str) -> None:
    """Refuse the URL of the examples."""
    if make_url(url).password == PLACEHOLDER:
        raise ValueError(
            "DATABASE_URL must not have the password of the examples in production"
        )
