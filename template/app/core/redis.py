"""The connection to Redis, and what happens while it is away."""

from asyncio import Semaphore, timeout
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Annotated, Any

import structlog
from fastapi import FastAPI
from pydantic import AfterValidator, SecretStr
from redis.asyncio import BlockingConnectionPool
from redis.asyncio import Redis as Client
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.core.errors import UnavailableError
from app.core.feature import Feature
from app.core.settings import Seconds, SettingsGroup


def refuse_what_is_no_url(value: SecretStr) -> SecretStr:
    """Refuse at the start what the client would refuse at the first request."""
    try:
        parse_url(value.get_secret_value())
    except ValueError:
        raise ValueError("must be a URL such as redis://host:6379/0") from None
    return value


RedisUrl = Annotated[SecretStr, AfterValidator(refuse_what_is_no_url)]
DEFAULT_REDIS_URL = SecretStr("redis://localhost:6379/0")
"""Where Redis is; it may hold a secret."""


RETRY_INTERVAL = 1
"""Seconds between two tries while it is away."""

MAX_CONNECTIONS = 50
"""Connections of each process."""

LOST = (RedisError, OSError, RuntimeError, EOFError)
"""What means that it does not answer, whatever the event loop."""


class RedisSettings(SettingsGroup):
    """How Redis is used; where it is stands in `REDIS_URL`.

    Attributes:
        timeout: Seconds within which it must answer.
        prefix: What all keys begin with, so that several applications can share a
            server.
        fail_open: Whether requests that cannot be counted are let through while it is
            away.
    """

    timeout: Seconds = 0.5
    prefix: str = ""
    fail_open: bool = True


logger = structlog.get_logger()


class RedisAwayError(UnavailableError):
    """Redis does not answer."""


class Redis:
    """Runs scripts in Redis; while it is away, one request in a while waits for it.

    Args:
        client: The client of the library.
        settings: How long to wait, and what keys begin with.
        retry_interval: Seconds between two tries while it is away.
    """

    def __init__(
        self,
        client: Client,
        settings: RedisSettings,
        *,
        retry_interval: float = RETRY_INTERVAL,
    ) -> None:
        self.client = client
        self.settings = settings
        self.retry_interval = retry_interval
        self.places = Semaphore(MAX_CONNECTIONS)
        self.away_until = 0.0
        self.answered_at = 0.0

    async def run(
        self, script: str, keys: Sequence[str], arguments: Sequence[Any] = ()
    ) -> Any:
        """Run a script in one round trip.

        Args:
            script: Its text, in Lua.
            keys: Its keys, without the prefix that all of ours have.
            arguments: What else it is given.

        Raises:
            RedisAwayError: If Redis does not answer in time, or has not done so a
                moment ago.
        """
        prefixed = [f"{self.settings.prefix}{key}" for key in keys]
        # Outside of the time limit: who waits for others of this process says nothing
        # of Redis.
        async with self.places:
            self._refuse_while_away()
            began = monotonic()
            try:
                # The library's own limits hold for each step, and again for its second
                # try.
                async with timeout(self.settings.timeout):
                    answer = await self.client.eval(
                        script, len(prefixed), *prefixed, *arguments
                    )
            except LOST as error:
                self._note_failure(error, began)
                raise RedisAwayError from error
        self._note_answer()
        return answer

    def _refuse_while_away(self) -> None:
        if self.away_until:
            if monotonic() < self.away_until:
                raise RedisAwayError
            # The others need not wait while this one tries whether it is back.
            self.away_until = monotonic() + self.retry_interval

    def _note_failure(self, error: Exception, began: float) -> None:
        if isinstance(error, TimeoutError) and self.answered_at > began:
            # It was this process that was too slow: others were answered meanwhile.
            return
        if not self.away_until:
            logger.warning("redis_away", error=str(error), kind=type(error).__name__)
        self.away_until = monotonic() + self.retry_interval

    def _note_answer(self) -> None:
        self.answered_at = monotonic()
        if self.away_until:
            self.away_until = 0.0
            logger.info("redis_back")

    async def check(self) -> None:
        """Make sure that Redis answers and can be written to: a replica cannot.

        Raises:
            RedisError: If it does not.
        """
        await self.client.set(f"{self.settings.prefix}ready", 1, px=1000)


@asynccontextmanager
async def open_redis(
    app: FastAPI, url: str, settings: RedisSettings
) -> AsyncIterator[None]:
    """Keep `app.state.redis` usable; close all connections at the end.

    Nothing is connected yet: an application without Redis starts, and says so in
    `/health/ready`.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=settings.timeout,
        socket_timeout=settings.timeout,
        socket_connect_timeout=settings.timeout,
        # One more try, for a connection that the server has closed meanwhile. What was
        # reset, uvloop calls a RuntimeError.
        retry=Retry(NoBackoff(), 1),
        retry_on_error=[RuntimeError],
    )
    client = Client(connection_pool=pool)
    app.state.redis = Redis(client, settings)
    app.state.readiness_checks["redis"] = app.state.redis.check
    try:
        yield
    finally:
        await client.aclose()
        await pool.aclose()


def lifespan(app: FastAPI, settings: Any) -> AbstractAsyncContextManager[None]:
    """Hold the connection of the settings open."""
    return open_redis(app, settings.redis_url.get_secret_value(), settings.redis)


REDIS = Feature(lifespan=lifespan)
