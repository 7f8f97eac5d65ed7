"""Which policy holds for a request, before its route is found and its body is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, compile_path
from starlette.types import Scope

from app.core.probes import is_probe
from app.core.rate_limit.declarations import Declaration, declaration_of
from app.core.rate_limit.policies import BY_DEFAULT, Policy, make_policy
from app.core.settings.rate_limit import Limits


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

    Routes behind the last one that declares something are not looked at, so that they cost nothing.

    Args:
        routes: The application's.
        default: The limits of all other requests, of those that match no route too.

    Raises:
        ValueError: If a route costs more than its limits allow, or others that are counted together
            with it have other limits.
    """

    def __init__(self, routes: Iterable[BaseRoute], default: Limits) -> None:
        self.default = make_policy(BY_DEFAULT, default, 1)
        found = list(iter_route_contexts(list(routes)))
        while found and not declaration_of(found[-1].endpoint):
            found.pop()
        self.rules = [self._rule(route, declaration_of(route.endpoint)) for route in found]
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
        return make_policy(own, limits, declaration.cost, by_client=declaration.by_client)

    def _check_names(self) -> None:
        known = {self.default.name: self.default.windows}
        for policy in (rule.policy for rule in self.rules if rule.policy):
            if known.setdefault(policy.name, policy.windows) != policy.windows:
                raise ValueError(f"All routes with the limit {policy.name} must have the same.")

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
