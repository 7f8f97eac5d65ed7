"""Counts requests in the memory of this process: each worker counts by itself.

Written here because the memory of the library `limits` looks at all of its keys for
every request: a flood from many addresses would slow everybody down.
"""

from collections.abc import Callable
from time import monotonic

from fastapi import FastAPI

from app.core.rate_limit.limits import Limit, LimitResult, Policy

MAX_KEYS = 100_000
"""Callers remembered for each window of each limit, at 150 bytes each."""


class Window:
    """The counts of a limit in its current window, and in the one before."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.end = 0.0
        self.previous: dict[str, int] = {}
        self.current: dict[str, int] = {}

    def counts(self, key: str, now: float) -> tuple[int, int, float]:
        """Return both counts, and the seconds until the window ends."""
        if now >= self.end:
            seconds = self.limit.seconds
            self.previous = self.current if now < self.end + seconds else {}
            self.current = {}
            self.end = now - now % seconds + seconds
        return self.previous.get(key, 0), self.current.get(key, 0), self.end - now


class MemoryStore:
    """Counts requests by policy and key; its clock may begin anywhere."""

    def __init__(
        self, max_keys: int = MAX_KEYS, clock: Callable[[], float] = monotonic
    ) -> None:
        self.max_keys = max_keys
        self.clock = clock
        self.windows: dict[str, list[Window]] = {}

    async def hit(self, policy: Policy, key: str) -> LimitResult:
        """Count a request, if it is within all limits of its policy."""
        windows = self.windows.get(policy.name)
        if windows is None:
            windows = [Window(limit) for limit in policy.limits]
            self.windows[policy.name] = windows
        now = self.clock()
        counted = [(one.limit, one.counts(key, now)) for one in windows]
        left = [(limit.left(*counts), counts[-1]) for limit, counts in counted]
        if min(left)[0] < 1:
            return LimitResult(left, max(limit.wait(*each) for limit, each in counted))
        for window in windows:
            # Whoever floods the API from ever new addresses forgets only itself.
            if key not in window.current and len(window.current) >= self.max_keys:
                window.current.popitem()
            window.current[key] = window.current.get(key, 0) + 1
        return LimitResult([(free - 1, ends) for free, ends in left])


def make_store(_app: FastAPI) -> MemoryStore:
    """Create the store of an application."""
    return MemoryStore()
