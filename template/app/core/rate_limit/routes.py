"""Which policy holds for a request, before its route is found and its body is read."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from app.core.http.request import is_probe
from app.core.rate_limit.limits import Limits, Policy, parse_limits

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

MARK = "__rate_limit__"


class Declaration(NamedTuple):
    """What an endpoint says of its limits; without any it is exempt."""

    limits: Limits | None = None
    by_client: bool = False


def limit(limits: str, *, by_client: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Limit a route by itself, in place of the default.

    Args:
        limits: One or more, such as `5/minute;50/day`.
        by_client: Whether the client's address is counted, whoever calls.

    Raises:
        ValueError: If the limits cannot be read.
    """
    declaration = Declaration(parse_limits(limits), by_client)
    return lambda endpoint: declare(endpoint, declaration)


def exempt(endpoint: Endpoint) -> Endpoint:
    """Leave a route without any limit."""
    return declare(endpoint, Declaration())


def declare(endpoint: Endpoint, declaration: Declaration) -> Endpoint:
    """Mark an endpoint."""
    setattr(endpoint, MARK, declaration)
    return endpoint


def declaration_of(endpoint: object) -> Declaration | None:
    """Return what an endpoint says of its limits."""
    found: Declaration | None = getattr(endpoint, MARK, None)
    return found


class Rule(NamedTuple):
    """A route and its policy; without one it is exempt."""

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
    """

    def __init__(self, routes: Iterable[BaseRoute], default: Limits) -> None:
        self.default = Policy("default", default)
        found = list(iter_route_contexts(list(routes)))
        while found and not declaration_of(found[-1].endpoint):
            found.pop()
        self.rules = [self._rule(route) for route in found]

    def _rule(self, route: RouteContext) -> Rule:
        methods = frozenset(route.methods or ())
        path, _, _ = compile_path(route.path or "")
        declaration = declaration_of(route.endpoint)
        if declaration is None:
            return Rule(methods, path, self.default)
        if declaration.limits is None:
            return Rule(methods, path, None)
        name = f"{'|'.join(sorted(methods))} {route.path}"
        return Rule(
            methods, path, Policy(name, declaration.limits, declaration.by_client)
        )

    def find(self, scope: Scope) -> Policy | None:
        """Return the policy of a request; `None` if it is exempt, as probes are."""
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
