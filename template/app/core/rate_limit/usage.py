"""How much of a limit is used: a counter that slides from one window into the next.

What was counted in the window before fades out while the current one goes by. It needs two numbers
for each caller, however many the requests are, and lets nobody use a limit twice where two windows
meet.
"""

from collections.abc import Sequence
from typing import NamedTuple

Left = tuple[float, float]
"""How much is left of a limit, and the seconds until its window ends."""


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

    def left(self, amount: int, seconds: int) -> Left:
        """Give what is left of the limit, for windows of so many seconds."""
        ends = seconds - self.elapsed
        return amount - self.current - self.previous * ends / seconds, ends

    def wait(self, amount: int, seconds: int, cost: int) -> float:
        """Give the seconds until a request will be within the limit, if no other one comes."""
        left, ends = self.left(amount, seconds)
        if cost <= left:
            return 0
        free = amount - cost
        if self.current <= free:
            return ends - seconds * (free - self.current) / self.previous
        return ends + seconds * (1 - free / self.current)


class Verdict(NamedTuple):
    """What became of a request.

    Attributes:
        left: What is left now of each limit, in the order of the policy's limits.
        wait: Seconds after which the same request will be allowed; `None` if it was, and counts.
    """

    left: Sequence[Left]
    wait: float | None = None
