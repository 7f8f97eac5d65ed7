"""Counts requests in the memory of this process: each worker counts by itself.

Written here because the memory of the library `limits` looks at all of its keys for
every request: a flood from many addresses would slow everybody down.
"""

from collections.abc import Callable
from itertools import cycle
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

    async def hit(self, policy: Policy, *keys: str) -> LimitResult:
        """Count a request, if it is within all limits of its policy."""
        windows = self.windows.get(policy.name)
        if windows is None:
            windows = [Window(limit) for limit in policy.limits]
            self.windows[policy.name] = windows
        now = self.clock()
        counted = list(zip(policy.counted(keys), cycle(windows)))
        counts = [(one, each.counts(key, now)) for (key, one), each in counted]
        left = policy.tightest([(one.left(*each), each[-1]) for one, each in counts])
        if min(left)[0] < 1:
            return LimitResult(left, max(one.wait(*each) for one, each in counts))
        for (key, _), window in counted:
            # Whoever floods the API from ever new addresses forgets only itself.
            if key not in window.current and len(window.current) >= self.max_keys:
                window.current.popitem()
            window.current[key] = window.current.get(key, 0) + 1
        return LimitResult([(free - 1, ends) for free, ends in left])


def make_store(_app: FastAPI) -> MemoryStore:
    """Create the store of an application."""
    return MemoryStore()
