"""How much of a limit is used: a counter that slides from one window into the next.

What was counted in the window before fades out while the current one goes by. It needs two numbers
for each caller, however many the requests are, and lets nobody use a limit twice where two windows
meet.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from app.core.rate_limit.policies import Policy


class Usage(NamedTuple):
    """What has been counted for one caller and one limit.

    Attributes:
        previous: The cost of the requests in the window before.
        current: That of the requests in this one.
        elapsed: Seconds since this window began.
    """

    previous: int
    current: int
    elapsed: float

    def weight(self, seconds: int) -> float:
        """Give how much of the limit is used, for windows of so many seconds."""
        return self.previous * (1 - self.elapsed / seconds) + self.current

    def allows(self, amount: int, seconds: int, cost: int) -> bool:
        """Tell whether a request is within the limit."""
        return self.weight(seconds) + cost <= amount

    def wait(self, amount: int, seconds: int, cost: int) -> float:
        """Give the seconds until a request will be within the limit, if no other one comes."""
        if self.allows(amount, seconds, cost):
            return 0
        free = amount - cost
        if self.current <= free:
            return seconds * (1 - (free - self.current) / self.previous) - self.elapsed
        return seconds - self.elapsed + seconds * (1 - free / self.current)


class Verdict(NamedTuple):
    """What became of a request.

    Attributes:
        is_allowed: Whether it is within all limits; only then it was counted.
        usages: What is used of each limit, in the order of the policy's limits.
    """

    is_allowed: bool
    usages: Sequence[Usage]

    def retry_after(self, policy: Policy) -> int:
        """Give the whole seconds after which the same request will be allowed."""
        pairs = zip(policy.windows, self.usages, strict=True)
        waits = [usage.wait(amount, seconds, policy.cost) for (amount, seconds), usage in pairs]
        return max(1, math.ceil(max(waits)))

    def remaining(self, policy: Policy) -> list[tuple[int, int]]:
        """Give what is left of each limit, and the seconds until its window ends."""
        left = []
        for (amount, seconds), usage in zip(policy.windows, self.usages, strict=True):
            remaining = math.floor(amount - usage.weight(seconds))
            left.append((max(0, remaining), math.ceil(seconds - usage.elapsed)))
        return left
