"""Which policy holds for a request, before its route is found and its body is read."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from app.core.http.request import is_probe
from app.core.rate_limit.limits import Limits, Policy, parse_limits

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

MARK = "__rate_limit__"


def limit(limits: str, *, by_client: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Limit a route by itself, such as `5/minute;50/day`, in place of the default.

    Raises:
        ValueError: If the limits cannot be read.
    """
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
        path, root = scope["path"], scope.get("root_path", "")
        path = path[len(root) :] if path.startswith(f"{root}/") else path
        for rule in self.rules:
            if scope["method"] in rule.methods and rule.path.match(path):
                return rule.policy
        return self.default
