"""What answers say of limits (draft-ietf-httpapi-ratelimit-headers-10)."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from limits import RateLimitItem, parse_many
from pydantic import field_validator

from app.core.settings import SettingsGroup

MAX_AMOUNT, YEAR = 2**31, 366 * 86_400

Limits = tuple[RateLimitItem, ...]


def parse_limits(text: str) -> Limits:
    """Read limits in the notation of the library `limits`, such as `10/second;1000/hour`.

    Raises:
        ValueError: If they cannot be read, allow nothing, or hold for more than a year.
    """
    try:
        limits = sorted(parse_many(text), key=RateLimitItem.get_expiry)
    except ValueError:
        limits = []
    fits = all(
        1 <= one.amount <= MAX_AMOUNT and one.get_expiry() <= YEAR for one in limits
    )
    if not limits or not fits:
        raise ValueError("must be limits such as 100/minute or 10/second;1000/hour")
    return tuple(limits)


class RateLimitSettings(SettingsGroup):
    """How often one client may call the API.

    Attributes:
        enabled: Whether anything is limited.
        default: The limits of routes that declare none, such as `10/second;1000/hour`.
        x_headers: Whether answers have the older `X-RateLimit-*` fields too.
    """

    enabled: bool = True
    default: str = "1000/minute"
    x_headers: bool = False

    @field_validator("default")
    @classmethod
    def _refuse_what_is_no_limit(cls, value: str) -> str:
        parse_limits(value)
        return value


BY_DEFAULT = "default"


@dataclass(frozen=True)
class Policy:
    """Limits that hold together: a request must be within each of them.

    Attributes:
        name: What is counted together, and what the headers call it.
        limits: How much is allowed within which time.
        cost: For how many requests one counts.
        by_client: Whether requests are counted by the client's address, whoever the
            caller is.
    """

    name: str
    limits: Limits
    cost: int = 1
    by_client: bool = False

    @cached_property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """Each limit as its amount and the seconds for which it holds, the shortest first."""
        return tuple((limit.amount, limit.get_expiry()) for limit in self.limits)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How the headers name each limit."""
        if len(self.limits) == 1:
            return (self.name,)
        return tuple(f"{self.name}-{seconds}" for _, seconds in self.windows)

    @cached_property
    def header(self) -> bytes:
        """How much each limit allows (`q`) within how many seconds (`w`), as a header says it."""
        items = zip(self.names, self.windows, strict=True)
        texts = (
            f'"{name}";q={amount};w={seconds}' for name, (amount, seconds) in items
        )
        return ", ".join(texts).encode()


def make_policy(
    name: str, limits: Limits, cost: int, *, by_client: bool = False
) -> Policy:
    """Make a policy.

    Raises:
        ValueError: If no request could ever be within its limits.
    """
    if not 1 <= cost <= min(limit.amount for limit in limits):
        raise ValueError(
            f"The cost of {name} must be 1 or more, and within each of its limits."
        )
    return Policy(name, limits, cost, by_client)


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
        wait: Seconds after which the same request will be allowed; `None` if it was,
            and counts.
    """

    left: Sequence[Left]
    wait: float | None = None


HeaderList = list[tuple[bytes, bytes]]

NAMES = ("RateLimit", "RateLimit-Policy")
OLDER_NAMES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def limit_headers(policy: Policy, verdict: Verdict, *, older: bool) -> HeaderList:
    """Say how much is left of each limit (`r`), and for how many seconds that holds (`t`).

    Args:
        policy: The limits.
        verdict: What is left of them.
        older: Whether the fields that were in use before the draft are sent as well.
    """
    left = [(max(0, int(free)), math.ceil(ends)) for free, ends in verdict.left]
    items = [
        f'"{name}";r={remaining};t={reset}'
        for name, (remaining, reset) in zip(policy.names, left, strict=True)
    ]
    headers = [
        (b"ratelimit-policy", policy.header),
        (b"ratelimit", ", ".join(items).encode()),
    ]
    if older:
        headers += older_headers(policy, left)
    return headers


def older_headers(
    policy: Policy, left: list[tuple[int, int]]
) -> Iterator[tuple[bytes, bytes]]:
    """Say the same of the limit of which the least is left; its end is a time (Unix)."""
    (remaining, reset), amount = min(
        (pair, amount) for pair, (amount, _) in zip(left, policy.windows, strict=True)
    )
    values = (amount, remaining, int(time.time()) + reset)
    for name, value in zip(OLDER_NAMES, values, strict=True):
        yield name.lower().encode(), str(value).encode()
