"""Counts requests in the memory of this process: each worker counts by itself.

Written here because the memory of the library `limits` looks at all of its keys for
every request: a flood from many addresses would slow everybody down. Here a request
costs the same however many clients there are, and the memory has an end.
"""

from collections.abc import Callable
from time import monotonic

from fastapi import FastAPI

from app.core.rate_limit.limits import Left, Limit, LimitResult, Policy

MAX_KEYS = 100_000
"""Callers remembered for each window of each limit, at 150 bytes each."""


class Window:
    """The counts of a limit in its current window, and in the one before."""

    def __init__(self, limit: Limit, max_keys: int) -> None:
        self.limit = limit
        self.max_keys = max_keys
        self.end = 0.0
        self.previous: dict[str, int] = {}
        self.current: dict[str, int] = {}

    def left(self, key: str, now: float) -> Left:
        """Return what is left, and the seconds until the window ends."""
        if now >= self.end:
            self._begin(now)
        ends = self.end - now
        counts = self.previous.get(key, 0), self.current.get(key, 0)
        return self.limit.left(*counts, ends), ends

    def _begin(self, now: float) -> None:
        seconds = self.limit.seconds
        self.previous = self.current if now < self.end + seconds else {}
        self.current = {}
        self.end = now - now % seconds + seconds

    def wait(self, key: str, now: float) -> float:
        """Return the seconds until a request will be within the limit."""
        counts = self.previous.get(key, 0), self.current.get(key, 0)
        return self.limit.wait(*counts, self.end - now)

    def add(self, key: str) -> None:
        """Count a request.

        When there are too many keys, the newest is forgotten: whoever floods the API
        from ever new addresses forgets only itself, and nobody is counted together with
        somebody else.
        """
        count = self.current.get(key, 0)
        if not count and len(self.current) >= self.max_keys:
            self.current.popitem()
        self.current[key] = count + 1


class MemoryStore:
    """Counts requests by policy and key; its clock may begin anywhere."""

    def __init__(
        self, max_keys: int = MAX_KEYS, clock: Callable[[], float] = monotonic
    ) -> None:
        self.max_keys = max_keys
        self.clock = clock
        self.windows: dict[str, tuple[Window, ...]] = {}

    async def hit(self, policy: Policy, key: str) -> LimitResult:
        """Count a request, if it is within all limits of its policy."""
        windows = self.windows.get(policy.name) or self._begin(policy)
        now = self.clock()
        left = [window.left(key, now) for window in windows]
        if min(left)[0] < 1:
            return LimitResult(left, max(window.wait(key, now) for window in windows))
        for window in windows:
            window.add(key)
        return LimitResult([(free - 1, ends) for free, ends in left])

    def _begin(self, policy: Policy) -> tuple[Window, ...]:
        windows = tuple(Window(limit, self.max_keys) for limit in policy.limits)
        self.windows[policy.name] = windows
        return windows


def make_store(_app: FastAPI) -> MemoryStore:
    """Create the store of an application."""
    return MemoryStore()
