"""Counts attempts in Redis, so that all processes count together.

Each script is one step that nothing comes between. Its keys come in pairs: the attempts
by one limit, and the generation of the account that is tried. Attempts of another
generation were cleared, so clearing costs the same however many clients have tried an
account. All times are in microseconds, by the clock of whoever asks; Redis' own clock
only clears away what has expired.

While Redis is away nobody can be counted, so everything here fails: `RedisAwayError`
becomes 503.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis as Client
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.errors import UnavailableError
from app.core.redis import Redis, RedisAwayError
from app.core.security.throttle.limits import (
    KNOWN_FOR,
    MAX_DOUBLINGS,
    WINDOW,
    Limits,
    now,
)

_COMMON = """
local now, window, known = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function generation(i)
    return redis.call('GET', KEYS[2 * i]) or '0'
end

local function read(i)
    local row = redis.call(
        'HMGET', KEYS[2 * i - 1], 'generation', 'failures', 'last_at',
        'expires_at', 'is_trusted')
    if row[1] ~= generation(i) then return nil end
    return {
        failures = tonumber(row[2]),
        last_at = tonumber(row[3]),
        expires_at = tonumber(row[4]),
        is_trusted = row[5] == '1' and tonumber(row[4]) > now,
    }
end

local function write(i, row)
    local key = KEYS[2 * i - 1]
    redis.call('HSET', key,
        'generation', generation(i),
        'failures', string.format('%.0f', row.failures),
        'last_at', string.format('%.0f', row.last_at),
        'expires_at', string.format('%.0f', row.expires_at),
        'is_trusted', row.is_trusted and '1' or '0')
    redis.call('PEXPIRE', key, math.ceil((row.expires_at - now) / 1000))
    -- A generation must be remembered for longer than any attempts of an older one.
    redis.call('PEXPIRE', KEYS[2 * i], math.ceil((window + known) / 1000))
end
"""

ATTEMPT = f"""{_COMMON}
local is_counted, limits = ARGV[4] == '1', cjson.decode(ARGV[5])
local rows, wait = {{}}, 0
for i = 1, #limits do rows[i] = read(i) end
local is_trusted = rows[1] and rows[1].is_trusted
local is_recent = rows[1] and rows[1].last_at + window > now
local own = is_recent and rows[1].failures or 0
for i, limit in ipairs(limits) do
    local row = rows[i]
    local holds = not (is_trusted and limit.is_global)
    if row and row.failures >= limit.burst and holds then
        -- As `Limit.wait` says.
        local first, doublings = 1, row.failures - limit.burst
        if limit.pace > 0 then
            first, doublings = (doublings + 1) * limit.pace, own
        end
        local delay = first * 2 ^ math.min(doublings, {MAX_DOUBLINGS})
        delay = math.min(delay, limit.max_delay) * 1000000
        local ago = now - row.last_at
        if ago > -delay then wait = math.max(wait, math.min(delay, delay - ago)) end
    end
end
if wait > 0 or not is_counted then return wait end
for i = 1, #limits do
    local new = {{failures = 0, last_at = now, expires_at = 0, is_trusted = false}}
    local row = rows[i] or new
    row.failures = row.last_at + window > now and row.failures + 1 or 1
    row.last_at, row.expires_at = now, math.max(row.expires_at, now + window)
    write(i, row)
end
return 0
"""
"""Counts an attempt if it must not wait; gives the time that it must."""

RESET = f"""{_COMMON}
for i = 1, #KEYS / 2 do
    local row = read(i)
    if row then
        row.failures = math.max(0, row.failures - 1)
        if i == 1 then
            row.failures, row.is_trusted, row.expires_at = 0, true, now + known
        end
        write(i, row)
    end
end
"""
"""Takes an attempt back."""

CLEAR = """
for _, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[1]) / 1000))
end
"""
"""Begins a new generation."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AWAY = "Redis does not answer, so nothing was changed: start it, or correct REDIS_URL."

EXPIRING = ()
"""Keys expire by themselves."""


@dataclass(frozen=True)
class ThrottleStore:
    """Counts attempts in hashes, which expire by themselves."""

    redis: Redis

    async def wait(self, limits: Limits) -> float:
        """Return the seconds until an attempt is looked at; it is not counted.

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
        rules = json.dumps([asdict(limit) for limit in limits])
        wait = await self._run(ATTEMPT, limits, int(is_counted), rules)
        return float(wait) / 1_000_000

    async def reset(self, _session: AsyncSession, limits: Limits) -> None:
        """Take back a successful attempt; the first limit begins anew, trusted.

        If what has succeeded is rolled back after this, the attempt was a right one all
        the same.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        await self._run(RESET, limits)

    async def clear(self, _session: AsyncSession, accounts: Sequence[str]) -> None:
        """Begin anew for some accounts.

        Raises:
            RedisAwayError: If Redis does not answer.
        """
        keys = [generation_key(account) for account in accounts]
        await self.redis.run(CLEAR, keys, [microseconds(WINDOW + KNOWN_FOR)])

    async def _run(self, script: str, limits: Limits, *arguments: int | str) -> Any:
        pairs = [
            (f"throttle:{one.key}", generation_key(one.account or one.key))
            for one in limits
        ]
        keys = [key for pair in pairs for key in pair]
        times = [microseconds(time) for time in (now() - EPOCH, WINDOW, KNOWN_FOR)]
        return await self.redis.run(script, keys, [*times, *arguments])


def generation_key(account: str) -> str:
    """Return the key that counts how often the attempts at an account were cleared."""
    return f"throttle:generation:{account}"


def microseconds(time: timedelta) -> int:
    """Return a time as scripts calculate with it, exactly."""
    return time // timedelta(microseconds=1)


def store_of(state: Any) -> ThrottleStore:
    """Return the store of a running application, by its state."""
    return ThrottleStore(state.redis)


@asynccontextmanager
async def open_store(
    _sessions: async_sessionmaker[AsyncSession], settings: Any
) -> AsyncIterator[ThrottleStore]:
    """Provide the store to a command; nothing is connected unless it is used.

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
            yield ThrottleStore(Redis(client, settings.redis))
        except RedisAwayError as error:
            raise UnavailableError(AWAY) from error
