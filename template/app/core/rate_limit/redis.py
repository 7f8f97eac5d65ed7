"""Counts requests in Redis: all processes together, in one round trip a request.

The strategies of the library `limits` would need two for each limit, one to count and
one to tell what is left.
"""

from fastapi import FastAPI
from starlette.datastructures import State

from app.core.rate_limit.limits import LimitResult, Policy
from app.core.redis import Redis, RedisAwayError

# The clock is that of the server: workers need not agree on the time. A request is
# counted in all windows or in none.
HIT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local allowed = 1
local windows = {}
for i, key in ipairs(KEYS) do
    local amount, seconds = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    local number = math.floor(now / seconds)
    local elapsed = now - number * seconds
    local row = redis.call('HMGET', key, 'number', 'previous', 'current')
    local last, previous, current = tonumber(row[1] or -1), 0, 0
    if last == number then
        previous, current = tonumber(row[2]), tonumber(row[3])
    elseif last == number - 1 then
        previous = tonumber(row[3])
    end
    if previous * (1 - elapsed / seconds) + current + 1 > amount then
        allowed = 0
    end
    windows[i] = {number, previous, current, elapsed, seconds}
end
local answer = {allowed}
for i, key in ipairs(KEYS) do
    local number, previous, current, elapsed, seconds = unpack(windows[i])
    if allowed == 1 then
        current = current + 1
        redis.call(
            'HSET', key, 'number', number, 'previous', previous, 'current', current
        )
        redis.call('EXPIRE', key, 2 * seconds)
    end
    answer[i + 1] = {previous, current, tostring(seconds - elapsed)}
end
return answer
"""


class RedisStore:
    """Counts requests by policy and key, in the `redis` of the application's state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def hit(self, policy: Policy, *keys: str) -> LimitResult | None:
        """Count a request, if it is within all limits of its policy.

        Returns:
            `None` if Redis is away and requests are let through then.

        Raises:
            RedisAwayError: If it is away, and `REDIS__FAIL_OPEN` is off.
        """
        redis: Redis = self.state.redis
        counted = policy.counted(keys)
        limits = [limit for _, limit in counted]
        names = [f"limit:{policy.name}:{key}:{one.seconds}" for key, one in counted]
        try:
            answer = await redis.run(
                HIT, names, [part for one in limits for part in one]
            )
        except RedisAwayError:
            if redis.settings.fail_open:
                return None
            raise
        allowed, *rows = answer
        counts = [(previous, current, float(ends)) for previous, current, ends in rows]
        pairs = list(zip(limits, counts, strict=True))
        left = policy.tightest([(one.left(*count), count[-1]) for one, count in pairs])
        if allowed:
            return LimitResult(left)
        return LimitResult(left, max(limit.wait(*count) for limit, count in pairs))


def make_store(app: FastAPI) -> RedisStore:
    """Create the store of an application."""
    return RedisStore(app.state)
