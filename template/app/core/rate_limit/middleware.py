"""Counts requests, and refuses those above a limit."""

import math
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError
from app.core.feature import Feature
from app.core.http.client import network_of
from app.core.openapi import described, extend_openapi, operations, problem_description
from app.core.rate_limit import store
from app.core.rate_limit.limits import (
    HEADERS,
    LimitResult,
    Policies,
    Policy,
    RateLimitSettings,
    limit_headers,
    parse_limits,
)


class RateLimitedError(AppError, status=429, code="rate_limited"):
    """The client has made too many requests (RFC 6585, section 4)."""

    def __init__(self, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        super().__init__(
            f"Too many requests; please try again in {seconds} seconds.",
            headers={"Retry-After": str(seconds)},
        )


def client_key(scope: Scope) -> str:
    """Return the key of the network that a request comes from."""
    client = scope.get("client")
    return f"client:{network_of(client[0] if client else '')}"


class RateLimitKey:
    """The keys by which a request is counted: that of the network it comes from."""

    def names(self, scope: Scope) -> tuple[str, ...]:
        """Return the keys; a second one counts what several may use together."""
        return (client_key(scope),)

    def refuse(self, scope: Scope) -> None:
        """Take note that a request was answered with 401."""


class Store(Protocol):
    """Counts requests."""

    async def hit(self, policy: Policy, *keys: str) -> LimitResult | None:
        """Count a request within all limits; `None` lets it through uncounted."""


class RateLimitMiddleware:
    """Counts requests, and refuses those above a limit."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: Store,
        settings: RateLimitSettings,
        key: RateLimitKey,
    ) -> None:
        self.app = app
        self.store = store
        self.default = parse_limits(settings.default)
        self.key = key
        self.policies: Policies | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; the first one makes the table of what routes declare."""
        if self.policies is None:
            self.policies = Policies(scope["app"].routes, self.default)
        policy = self.policies.find(scope) if scope["type"] != "lifespan" else None
        if policy is None or (result := await self._hit(policy, scope)) is None:
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        state["response_headers"] += limit_headers(policy, result)
        if result.wait is not None:
            raise RateLimitedError(result.wait)
        try:
            await self.app(scope, receive, send)
        finally:
            if state["status"] == HTTPStatus.UNAUTHORIZED:
                self.key.refuse(scope)

    async def _hit(self, policy: Policy, scope: Scope) -> LimitResult | None:
        key = RateLimitKey() if policy.by_client else self.key
        return await self.store.hit(policy, *key.names(scope))


LIMITED = problem_description(
    429,
    {"error_code": RateLimitedError.code, "detail": RateLimitedError(12).detail},
    {
        "RateLimit-Policy": described(
            "What is allowed (`q`) in how many seconds (`w`)."
        ),
        "RateLimit": described("What is left of it (`r`), for how many seconds (`t`)."),
    },
)


def register_rate_limit(
    app: FastAPI, settings: RateLimitSettings, key: RateLimitKey
) -> None:
    """Limit all requests but probes; to be called before other middleware is added."""
    if not settings.enabled:
        return
    app.add_middleware(
        RateLimitMiddleware, store=store.make_store(app), settings=settings, key=key
    )
    app.state.exposed_headers = HEADERS

    def document_limits(document: dict[str, Any]) -> None:
        policies = Policies(app.routes, parse_limits(settings.default))
        for path, method, operation in operations(document):
            if policies.find({"path": path, "method": method.upper()}):
                operation["responses"].setdefault("429", LIMITED)

    extend_openapi(app, document_limits)


def register(app: FastAPI, settings: Any) -> None:
    """Limit all requests by the network they come from."""
    register_rate_limit(app, settings.rate_limit, RateLimitKey())


RATE_LIMIT = Feature(register=register)
