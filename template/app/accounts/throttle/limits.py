"""How often something may fail, and how long one must wait then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

MAX_EXPONENT = 20


@dataclass(frozen=True)
class Limit:
    """How often something may fail.

    Attributes:
        key: Whose attempts at what are counted together, hashed.
        free: Attempts that need not wait.
        max_delay: The longest wait, in seconds.
        account: The account that is tried, hashed.
        is_shared: Whether others can use it up: it does not hold for who has succeeded
            before.
    """

    key: str
    free: int
    max_delay: float
    account: str | None = None
    is_shared: bool = False

    @property
    def delays(self) -> Sequence[float]:
        """The seconds to wait once the free attempts are used up, then after each further one.

        The last holds for all that follow.
        """
        powers = (2.0**exponent for exponent in range(MAX_EXPONENT))
        doubling = takewhile(lambda delay: delay < self.max_delay, powers)
        return (*doubling, min(self.max_delay, 2.0**MAX_EXPONENT))


Limits = Sequence[Limit]


def now() -> datetime:
    """Tell the time, as attempts are counted by it."""
    return datetime.now(UTC)
