"""Attaches rate limits to the application."""

import math
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError
from app.core.http.client import network_of
from app.core.openapi import extend_openapi, operations, problem_description
from app.core.rate_limit import store
from app.core.rate_limit.limits import (
    HEADERS,
    LimitResult,
    Policy,
    RateLimitSettings,
    limit_headers,
    parse_limits,
)
from app.core.rate_limit.routes import Policies


class RateLimitedError(AppError):
    """The client has made too many requests (RFC 6585, section 4)."""

    status = 429
    code = "rate_limited"

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
    """The key by which a request is counted: that of the network it comes from."""

    def name(self, scope: Scope) -> str:
        """Return the key."""
        return client_key(scope)

    def refuse(self, scope: Scope) -> None:
        """Take note that a request was answered with 401."""


class Store(Protocol):
    """Counts requests."""

    async def hit(self, policy: Policy, key: str) -> LimitResult | None:
        """Count a request, if it is within all limits of its policy.

        Returns:
            What became of it; `None` if it cannot be counted now, and is let through.

        Raises:
            UnavailableError: If it cannot be counted now, and is refused.
        """


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
        policies = self.policies or Policies(scope["app"].routes, self.default)
        self.policies = policies
        policy = policies.find(scope) if scope["type"] == "http" else None
        if policy is None:
            await self.app(scope, receive, send)
            return
        key = client_key(scope) if policy.by_client else self.key.name(scope)
        result = await self.store.hit(policy, key)
        if result is None:
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


LIMITED = problem_description(
    429,
    {
        "error_code": "rate_limited",
        "detail": "Too many requests; please try again in 12 seconds.",
    },
    {
        "Retry-After": {
            "description": "Seconds after which the same request will be allowed.",
            "schema": {"type": "integer"},
        },
        "RateLimit-Policy": {
            "description": "How much is allowed (`q`) within how many seconds (`w`).",
            "schema": {"type": "string"},
        },
        "RateLimit": {
            "description": (
                "How much of it is left (`r`), and for how many seconds (`t`)."
            ),
            "schema": {"type": "string"},
        },
    },
)


def register_rate_limit(
    app: FastAPI, settings: RateLimitSettings, key: RateLimitKey | None = None
) -> None:
    """Limit all requests but probes; to be called before other middleware is added.

    Args:
        app: The application.
        settings: The default limits.
        key: By what requests are counted; by default, the network they come from.
    """
    if not settings.enabled:
        return
    app.add_middleware(
        RateLimitMiddleware,
        store=store.make_store(app),
        settings=settings,
        key=key or RateLimitKey(),
    )
    app.state.exposed_headers = HEADERS

    def document_limits(document: dict[str, Any]) -> None:
        policies = Policies(app.routes, parse_limits(settings.default))
        for path, method, operation in operations(document):
            if policies.find({"path": path, "method": method.upper()}):
                operation["responses"].setdefault("429", LIMITED)

    extend_openapi(app, document_limits)
