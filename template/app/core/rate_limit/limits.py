"""Limits: how they are written, what is left of them, and what answers say of them."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from limits import RateLimitItem, parse_many
from pydantic import field_validator

from app.core.settings import SettingsGroup

MAX_AMOUNT, YEAR = 2**31, 366 * 86_400

Left = tuple[float, float]
"""How much is left of a limit, and the seconds until its window ends."""


class Limit(NamedTuple):
    """How much is allowed within a window of some seconds, which slides.

    What was counted in the window before fades out while the current one goes by:
    nobody can use a limit twice where two windows meet.
    """

    amount: int
    seconds: int

    def left(self, previous: int, current: int, ends: float) -> float:
        """Return what is left, if the window ends in so many seconds."""
        return self.amount - current - previous * ends / self.seconds

    def wait(self, previous: int, current: int, ends: float) -> float:
        """Return the seconds until a request is within the limit, if no other comes."""
        if self.left(previous, current, ends) >= 1:
            return 0
        free = self.amount - 1
        if current <= free:
            return ends - self.seconds * (free - current) / previous
        return ends + self.seconds * (1 - free / current)


Limits = tuple[Limit, ...]


def parse_limits(text: str) -> Limits:
    """Read limits in the notation of the library `limits`; the shortest comes first.

    Raises:
        ValueError: If they cannot be read, allow nothing, or hold for more than a year.
    """
    try:
        items = sorted(parse_many(text), key=RateLimitItem.get_expiry)
    except ValueError:
        items = []
    limits = tuple(Limit(item.amount, item.get_expiry()) for item in items)
    fits = all(1 <= one.amount <= MAX_AMOUNT and one.seconds <= YEAR for one in limits)
    if not limits or not fits:
        raise ValueError("must be limits such as 100/minute or 10/second;1000/hour")
    return limits


class RateLimitSettings(SettingsGroup):
    """How often one client may call routes that declare no limits of their own."""

    enabled: bool = True
    default: str = "1000/minute"

    @field_validator("default")
    @classmethod
    def _check_notation(cls, value: str) -> str:
        parse_limits(value)
        return value


@dataclass(frozen=True)
class Policy:
    """Limits that hold together: a request must be within each of them.

    Attributes:
        name: What is counted together, and what the headers call it.
        by_client: Whether the client's address is counted, whoever calls.
    """

    name: str
    limits: Limits
    by_client: bool = False


class LimitResult(NamedTuple):
    """What is left of each limit, and when a refused request would be allowed."""

    left: list[Left]
    wait: float | None = None


HEADERS = ("RateLimit", "RateLimit-Policy")
"""The fields of draft-ietf-httpapi-ratelimit-headers-10."""


def limit_headers(policy: Policy, result: LimitResult) -> list[tuple[bytes, bytes]]:
    """Return what limits allow (`q`, within `w` seconds), and leave (`r`, for `t`)."""
    allowed, remaining = [], []
    for limit, (free, ends) in zip(policy.limits, result.left, strict=True):
        is_only = len(policy.limits) == 1
        name = policy.name if is_only else f"{policy.name}-{limit.seconds}"
        allowed.append(f'"{name}";q={limit.amount};w={limit.seconds}')
        remaining.append(f'"{name}";r={max(0, int(free))};t={math.ceil(ends)}')
    return [
        (b"ratelimit-policy", ", ".join(allowed).encode()),
        (b"ratelimit", ", ".join(remaining).encode()),
    ]
