"""How often something may fail, and how long one must wait then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(hours=1)
"""After the last attempt, all are forgotten; longer than the longest wait."""
KNOWN_FOR = timedelta(days=90)
"""A client that has logged in is not slowed down by others for so long."""


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
    """

    key: str
    burst: int
    max_delay: int
    account: str | None = None
    is_global: bool = False


Limits = Sequence[Limit]


def now() -> datetime:
    """Return the time by which attempts are counted."""
    return datetime.now(UTC)
