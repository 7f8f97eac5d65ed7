"""How often something may fail, and how long one must wait then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

MAX_EXPONENT = 20
WINDOW = timedelta(hours=1)
"""After the last attempt, all are forgotten; longer than the longest wait."""
KNOWN_FOR = timedelta(days=90)
"""A client that has logged in is not slowed down by others for so long."""


@dataclass(frozen=True)
class Limit:
    """How often something may fail.

    Attributes:
        key: Whose attempts at what are counted together, hashed.
        burst: Attempts that need not wait.
        max_delay: The longest wait, in seconds.
        account: The account that is tried, hashed.
        is_global: Whether others can use it up: it does not hold for who has succeeded
            before.
    """

    key: str
    burst: int
    max_delay: float
    account: str | None = None
    is_global: bool = False

    @property
    def delays(self) -> Sequence[float]:
        """The seconds to wait once the burst is used up, then after each further attempt.

        The last holds for all that follow.
        """
        powers = (2.0**exponent for exponent in range(MAX_EXPONENT))
        doubling = takewhile(lambda delay: delay < self.max_delay, powers)
        return (*doubling, min(self.max_delay, 2.0**MAX_EXPONENT))


Limits = Sequence[Limit]


def now() -> datetime:
    """Return the time by which attempts are counted."""
    return datetime.now(UTC)
