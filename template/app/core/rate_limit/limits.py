"""Limits: how they are written, where they hold, and what answers say of them."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from fastapi.routing import iter_route_contexts
from limits import RateLimitItem, parse_many
from pydantic import field_validator
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from app.core.http.request import is_probe, route_path
from app.core.settings import SettingsGroup

MAX_AMOUNT, YEAR = 2**31, 366 * 86_400
SHARED_BY = 20
"""How many callers behind one address may use up their limits at the same time."""
MARK = "__rate_limit__"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
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

    def counted(self, keys: Sequence[str]) -> list[tuple[str, Limit]]:
        """Return the limits by each key; those of a second one are shared by many."""
        return [
            (key, Limit(limit.amount * factor, limit.seconds))
            for key, factor in zip(keys, (1, SHARED_BY), strict=False)
            for limit in self.limits
        ]

    def tightest(self, left: Sequence[Left]) -> list[Left]:
        """Return what is left of each limit, by whichever key leaves less."""
        number = len(self.limits)
        return [min(left[index::number]) for index in range(number)]


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


def limit(limits: str, *, by_client: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Limit a route by itself, such as `5/minute;50/day`, in place of the default."""
    policy = Policy("", parse_limits(limits), by_client)

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, MARK, policy)
        return endpoint

    return declare


def exempt(endpoint: Endpoint) -> Endpoint:
    """Leave a route without any limit."""
    setattr(endpoint, MARK, None)
    return endpoint


class Rule(NamedTuple):
    """A route and its policy; without one it is exempt."""

    methods: frozenset[str]
    path: re.Pattern[str]
    policy: Policy | None


class Policies:
    """Finds the policy for a request: that of its route, or the default.

    Routes behind the last one that declares something are not looked at.
    """

    def __init__(self, routes: Iterable[BaseRoute], default: Limits) -> None:
        self.default = Policy("default", default)
        found = list(iter_route_contexts(list(routes)))
        while found and not hasattr(found[-1].endpoint, MARK):
            found.pop()
        self.rules = []
        for route in found:
            methods = frozenset(route.methods or ())
            policy = getattr(route.endpoint, MARK, self.default)
            if policy and policy is not self.default:
                name = f"{'|'.join(sorted(methods))} {route.path}"
                policy = replace(policy, name=name)
            self.rules.append(Rule(methods, compile_path(route.path or "")[0], policy))

    def find(self, scope: Scope) -> Policy | None:
        """Return the policy of a request; `None` if it is exempt, as probes are."""
        if is_probe(scope):
            return None
        path = route_path(scope)
        for rule in self.rules:
            if scope["method"] in rule.methods and rule.path.match(path):
                return rule.policy
        return self.default
