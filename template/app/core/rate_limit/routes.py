"""Which policy holds for a request, before its route is found and its body is read."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from app.core.http.scope import is_probe
from app.core.rate_limit.limits import (
    BY_DEFAULT,
    Limits,
    Policy,
    make_policy,
    parse_limits,
)

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
    limits: str | None = None,
    *,
    cost: int = 1,
    scope: str | None = None,
    by_client: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Limit a route by itself, in place of the default.

    Args:
        limits: One or more, such as `5/minute;50/day`; without any, the default ones
            hold, and the route may only cost more.
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


@dataclass(frozen=True)
class Rule:
    """A route, and what holds for it.

    Attributes:
        methods: The methods that it answers.
        path: What a path must match.
        policy: Its policy; `None` if it is exempt.
    """

    methods: frozenset[str]
    path: re.Pattern[str]
    policy: Policy | None


class Policies:
    """Finds the policy for a request.

    Routes behind the last one that declares something are not looked at, so that they
    cost nothing.

    Args:
        routes: The application's.
        default: The limits of all other requests, of those that match no route too.

    Raises:
        ValueError: If a route costs more than its limits allow, or others that are
            counted together with it have other limits.
    """

    def __init__(self, routes: Iterable[BaseRoute], default: Limits) -> None:
        self.default = make_policy(BY_DEFAULT, default, 1)
        found = list(iter_route_contexts(list(routes)))
        while found and not declaration_of(found[-1].endpoint):
            found.pop()
        self.rules = [
            self._rule(route, declaration_of(route.endpoint)) for route in found
        ]
        self._check_names()

    def _rule(self, route: RouteContext, declaration: Declaration | None) -> Rule:
        methods = frozenset(route.methods or ())
        path, _, _ = compile_path(route.path or "")
        policy = self._policy(route, declaration) if declaration else self.default
        return Rule(methods, path, policy)

    def _policy(self, route: RouteContext, declaration: Declaration) -> Policy | None:
        if declaration.is_exempt:
            return None
        itself = f"{'|'.join(sorted(route.methods or ()))} {route.path}"
        own = declaration.scope or (declaration.limits and itself) or BY_DEFAULT
        limits = declaration.limits or self.default.limits
        return make_policy(
            own, limits, declaration.cost, by_client=declaration.by_client
        )

    def _check_names(self) -> None:
        known = {self.default.name: self.default.windows}
        for policy in (rule.policy for rule in self.rules if rule.policy):
            if known.setdefault(policy.name, policy.windows) != policy.windows:
                raise ValueError(
                    f"All routes with the limit {policy.name} must have the same."
                )

    def find(self, scope: Scope) -> Policy | None:
        """Give the policy of a request; `None` if it is exempt, as probes are."""
        if is_probe(scope):
            return None
        if not self.rules:
            return self.default
        path, root = scope["path"], scope.get("root_path", "")
        path = path[len(root) :] if path.startswith(f"{root}/") else path
        for rule in self.rules:
            if scope["method"] in rule.methods and rule.path.match(path):
                return rule.policy
        return self.default
