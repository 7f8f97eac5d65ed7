"""Counts requests in the memory of this process: each worker counts by itself.

Written here because the memory of the library `limits` looks at all of its keys for
every request: a flood from many addresses would slow everybody down. Here a request
costs the same however many clients there are, and the memory has an end.
"""

from collections.abc import Callable
from time import monotonic

from fastapi import FastAPI

from app.core.rate_limit.limits import Left, Policy, Usage, Verdict

MAX_CALLERS = 100_000
"""Callers remembered for each window of each limit, at about 150 bytes each."""

Counts = dict[str, int]


class Windows:
    """The current window of a limit, and the one before it.

    Args:
        amount: What the limit allows within a window.
        seconds: How long a window is.
        max_callers: How many callers are remembered in each.
    """

    def __init__(self, amount: int, seconds: int, max_callers: int) -> None:
        self.amount = amount
        self.seconds = seconds
        self.max_callers = max_callers
        self.end = 0.0
        self.previous: Counts = {}
        self.current: Counts = {}

    def left(self, caller: str, now: float) -> Left:
        """Give what is left to a caller, and the seconds until the window ends.

        It is `Usage.left`, which would cost every request twice the time.
        """
        if now >= self.end:
            self._begin(now)
        ends, current = self.end - now, self.current.get(caller, 0)
        return self.amount - current - self.previous.get(
            caller, 0
        ) * ends / self.seconds, ends

    def _begin(self, now: float) -> None:
        self.previous = self.current if now < self.end + self.seconds else {}
        self.current = {}
        self.end = now - now % self.seconds + self.seconds

    def add(self, caller: str, cost: int) -> None:
        """Remember what a caller has used.

        When there are too many callers, the newest are forgotten: whoever floods the
        API from ever new addresses forgets only itself, and nobody is counted together
        with somebody else.
        """
        count = self.current.get(caller, 0)
        if not count and len(self.current) >= self.max_callers:
            self.current.popitem()
        self.current[caller] = count + cost

    def wait(self, caller: str, cost: int, now: float) -> float:
        """Give the seconds until a request will be within the limit."""
        elapsed = now - self.end + self.seconds
        usage = Usage(
            self.previous.get(caller, 0), self.current.get(caller, 0), elapsed
        )
        return usage.wait(self.amount, self.seconds, cost)


class MemoryStore:
    """Counts requests by policy and caller.

    Args:
        max_callers: How many callers are remembered in each window of each limit.
        clock: Gives the time in seconds, from whatever beginning.
    """

    def __init__(
        self, max_callers: int = MAX_CALLERS, clock: Callable[[], float] = monotonic
    ) -> None:
        self.max_callers = max_callers
        self.clock = clock
        self.windows: dict[str, tuple[Windows, ...]] = {}

    async def hit(self, policy: Policy, caller: str) -> Verdict:
        """Count a request, if it is within all limits of its policy."""
        windows = self.windows.get(policy.name) or self._begin(policy)
        now, cost = self.clock(), policy.cost
        left = [window.left(caller, now) for window in windows]
        if min(left)[0] < cost:
            return Verdict(
                left, max(window.wait(caller, cost, now) for window in windows)
            )
        for window in windows:
            window.add(caller, cost)
        return Verdict([(free - cost, ends) for free, ends in left])

    def _begin(self, policy: Policy) -> tuple[Windows, ...]:
        windows = tuple(Windows(*window, self.max_callers) for window in policy.windows)
        self.windows[policy.name] = windows
        return windows


def make_store(_app: FastAPI) -> MemoryStore:
    """Make the store of an application."""
    return MemoryStore()
