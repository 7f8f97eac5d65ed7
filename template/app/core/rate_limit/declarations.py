"""Limits that stand beside a route; a route without one has the default.

They only mark the endpoint, so they may stand above or below the route's decorator::

    @router.post("/reports")
    @limit("5/minute;50/day")
    async def create_report(...): ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.core.settings.rate_limit import Limits, parse_limits

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

MARK = "__rate_limit__"


@dataclass(frozen=True)
class Declaration:
    """What an endpoint says of its limits.

    Attributes:
        limits: Its own limits; the default ones if it names none.
        cost: For how many requests one counts.
        scope: What is counted together with it; by itself if it names none.
        by_client: Whether it counts by the client's address, whoever the caller is.
        is_exempt: Whether it is not limited at all.
    """

    limits: Limits | None = None
    cost: int = 1
    scope: str | None = None
    by_client: bool = False
    is_exempt: bool = False


def declare(declaration: Declaration) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, MARK, declaration)
        return endpoint

    return mark


def limit(
    limits: str | None = None, *, cost: int = 1, scope: str | None = None, by_client: bool = False
) -> Callable[[Endpoint], Endpoint]:
    """Limit a route by itself, in place of the default.

    Args:
        limits: One or more, such as `5/minute;50/day`; without any, the default ones hold, and the
            route may only cost more.
        cost: For how many requests one counts.
        scope: A name that several routes share to be counted together.
        by_client: Whether it counts by the client's address, whoever the caller is.

    Raises:
        ValueError: If the limits cannot be read.
    """
    parsed = parse_limits(limits) if limits is not None else None
    return declare(Declaration(parsed, cost, scope, by_client))


def exempt(endpoint: Endpoint) -> Endpoint:
    """Leave a route without any limit."""
    return declare(Declaration(is_exempt=True))(endpoint)


def declaration_of(endpoint: object) -> Declaration | None:
    """Give what an endpoint says of its limits; `None` if it says nothing."""
    found: Declaration | None = getattr(endpoint, MARK, None)
    return found
