"""Counts attempts in Redis, so that all processes count together, in one round trip each.

While Redis is away nobody can be counted, so everything here fails: `RedisAwayError`
becomes 503.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pydantic import SecretStr
from redis.asyncio import Redis as Client
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.accounts.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.accounts.settings import ThrottleSettings
from app.accounts.throttle.limits import Limits, now
from app.core.errors import UnavailableError
from app.core.redis import Redis, RedisAwayError, RedisSettings

_COMMON = """
local now, window, known = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function generation(i)
    return redis.call('GET', KEYS[2 * i]) or '0'
end

local function read(i)
    local row = redis.call(
        'HMGET', KEYS[2 * i - 1], 'generation', 'failures', 'last_at', 'expires_at',
        'is_known')
    if row[1] ~= generation(i) then return nil end return {
        failures = tonumber(row[2]), last_at = tonumber(row[3]), expires_at =
        tonumber(row[4]), is_known = row[5] == '1' and tonumber(row[4]) > now,
    }
end

local function write(i, row)
    local key = KEYS[2 * i - 1]
    redis.call('HSET', key,
        'generation', generation(i),
        'failures', string.format('%.0f', row.failures),
        'last_at', string.format('%.0f', row.last_at),
        'expires_at', string.format('%.0f', row.expires_at),
        'is_known', row.is_known and '1' or '0')
    redis.call('PEXPIRE', key, math.ceil((row.expires_at - now) / 1000))
    -- A generation must be remembered for longer than any attempts of an older one.
    redis.call('PEXPIRE', KEYS[2 * i], math.ceil((window + known) / 1000))
end
"""

ATTEMPT = f"""{_COMMON}
local is_counted, limits = ARGV[4] == '1', cjson.decode(ARGV[5]) local rows, wait =
{{}}, 0 for i = 1, #limits do rows[i] = read(i) end local is_known = rows[1] and
rows[1].is_known for i, limit in ipairs(limits) do
    local row = rows[i] if row and row.failures >= limit.free and not (is_known and
    limit.is_shared) then
        local delay = limit.delays[math.min(row.failures - limit.free + 1,
        #limit.delays)] wait = math.max(wait, row.last_at + delay - now)
    end
end if wait > 0 or not is_counted then return wait end for i = 1, #limits do
    local row = rows[i] or {{failures = 0, last_at = now, expires_at = 0, is_known =
    false}} row.failures = row.last_at + window > now and row.failures + 1 or 1
    row.last_at, row.expires_at = now, math.max(row.expires_at, now + window) write(i,
    row)
end return 0
"""
"""Counts an attempt if it must not wait; gives the time that it must."""

FORGIVE = f"""{_COMMON}
for i = 1, #KEYS / 2 do
    local row = read(i)
    if row then
        row.failures = math.max(0, row.failures - 1)
        if i == 1 then
            row.failures, row.is_known, row.expires_at = 0, true, now + known
        end
        write(i, row)
    end
end
"""
"""Takes an attempt back."""

FORGET = """
for _, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[1]) / 1000))
end
"""
"""Begins a new generation."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AWAY = "Redis does not answer, so nothing was changed: start it, or correct REDIS_URL."

__all__ = ["ThrottleStore", "open_store", "store_of"]


class ThrottleStore:
    """Counts attempts in hashes, which expire by themselves.

    Args:
        redis: Where they are.
        settings: How long attempts are remembered.
    """

    def __init__(self, redis: Redis, settings: ThrottleSettings) -> None:
        self._redis = redis
        self._window = microseconds(timedelta(seconds=settings.window))
        self._known = microseconds(timedelta(days=settings.known_days))

    async def wait(self, limits: Limits) -> float:
        """Give the seconds until an attempt is looked at; it is not counted.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        return await self._attempt(limits, is_counted=False)

    async def take(self, limits: Limits) -> float:
        """Count an attempt, unless it must wait: then it is not counted.

        Returns:
            The seconds that it must wait; 0 if it is counted.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        return await self._attempt(limits, is_counted=True)

    async def _attempt(self, limits: Limits, *, is_counted: bool) -> float:
        rules = [
            {
                "free": limit.free,
                "is_shared": limit.is_shared,
                "delays": [
                    microseconds(timedelta(seconds=delay)) for delay in limit.delays
                ],
            }
            for limit in limits
        ]
        wait = await self._run(ATTEMPT, limits, int(is_counted), json.dumps(rules))
        return float(wait) / 1_000_000

    async def forgive(self, _unit: UnitOfWork, limits: Limits) -> None:
        """Take back an attempt that has succeeded; the first limit begins anew, and is known.

        If what has succeeded is rolled back after this, the attempt was a right one all
        the same.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        await self._run(FORGIVE, limits)

    async def forget(self, _unit: UnitOfWork, accounts: Sequence[str]) -> None:
        """Begin anew for some accounts.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        keys = [generation_key(account) for account in accounts]
        await self._redis.run(FORGET, keys, [self._window + self._known])

    async def _run(self, script: str, limits: Limits, *arguments: int | str) -> Any:
        pairs = [
            (f"throttle:{one.key}", generation_key(one.account or one.key))
            for one in limits
        ]
        keys = [key for pair in pairs for key in pair]
        moment = microseconds(now() - EPOCH)
        return await self._redis.run(
            script, keys, [moment, self._window, self._known, *arguments]
        )


def generation_key(account: str) -> str:
    """Name the key that tells how often the attempts at an account were forgotten."""
    return f"throttle:generation:{account}"


def microseconds(time: timedelta) -> int:
    """Give a time as scripts calculate with it, exactly."""
    return time // timedelta(microseconds=1)


def store_of(state: Any, settings: ThrottleSettings) -> ThrottleStore:
    """Give the store of a running application, by its state."""
    return ThrottleStore(state.redis, settings)


class StoreSettings(Protocol):
    """What a command must know of the settings."""

    throttle: ThrottleSettings
    redis: RedisSettings
    redis_url: SecretStr


@asynccontextmanager
async def open_store(
    _begin: UnitOfWorkFactory, settings: StoreSettings
) -> AsyncIterator[ThrottleStore]:
    """Give the store to a command; nothing is connected unless it is used.

    Raises:
        UnavailableError: If Redis does not answer.
    """
    timeout = settings.redis.timeout
    async with Client.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        try:
            yield ThrottleStore(Redis(client, settings.redis), settings.throttle)
        except RedisAwayError as error:
            raise UnavailableError(AWAY) from error
