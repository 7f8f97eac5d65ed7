"""How often something may fail, and how long one must wait then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(hours=1)
"""After the last attempt, all are forgotten; longer than the longest wait."""
KNOWN_FOR = timedelta(days=90)
"""A client that has logged in is not slowed down by others for so long."""
MAX_DOUBLINGS = 20


@dataclass(frozen=True)
class Limit:
    """How often something may fail; after that, each wait is twice as long as the last.

    Attributes:
        key: Whose attempts at what are counted together, hashed.
        burst: Attempts that need not wait.
        max_delay: The longest wait, in seconds.
        account: The account that is tried, hashed.
        is_global: Whether others can use it up: it does not hold for who has succeeded
            before.
        pace: Seconds to wait for each failure of all clients above the burst, doubled
            for each of one's own; 0 where all wait alike.
    """

    key: str
    burst: int
    max_delay: int
    account: str | None = None
    is_global: bool = False
    pace: float = 0

    def wait(self, failures: int, own: int, ago: float) -> float:
        """Return the seconds to wait after failures, the last of them so long ago.

        Where a clock was set back, it lies ahead: nobody waits any longer for that.
        """
        if failures < self.burst:
            return 0
        first, doublings = 1.0, failures - self.burst
        if self.pace:
            first, doublings = (doublings + 1) * self.pace, own
        delay = min(first * 2 ** min(doublings, MAX_DOUBLINGS), self.max_delay)
        return min(delay, delay - ago) if ago > -delay else 0


Limits = Sequence[Limit]


def now() -> datetime:
    """Return the time by which attempts are counted."""
    return datetime.now(UTC)
