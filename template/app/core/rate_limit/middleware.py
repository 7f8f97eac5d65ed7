"""Attaches rate limits to the application."""

import math
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError
from app.core.openapi import extend_openapi, operations, problem_description
from app.core.rate_limit import store
from app.core.rate_limit.keys import RateLimitKey, client_key
from app.core.rate_limit.limits import (
    NAMES,
    OLDER_NAMES,
    Policy,
    RateLimitSettings,
    Verdict,
    limit_headers,
    parse_limits,
)
from app.core.rate_limit.routes import Policies


class Store(Protocol):
    """Counts requests."""

    async def hit(self, policy: Policy, caller: str) -> Verdict | None:
        """Count a request, if it is within all limits of its policy.

        Returns:
            What became of it; `None` if it cannot be counted now, and is let through.

        Raises:
            UnavailableError: If it cannot be counted now, and is refused.
        """


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


class RateLimitMiddleware:
    """Counts requests by their caller.

    Args:
        app: The application inside.
        store: Where they are counted.
        settings: The default limits, and what answers say of them.
        callers: Tells whose request it is.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: Store,
        settings: RateLimitSettings,
        callers: RateLimitKey,
    ) -> None:
        self.app = app
        self.store = store
        self.default = parse_limits(settings.default)
        self.older = settings.x_headers
        self.callers = callers
        self.policies: Policies | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; at the start of the application, find what its routes declare."""
        policies = self.policies or Policies(scope["app"].routes, self.default)
        self.policies = policies
        policy = policies.find(scope) if scope["type"] == "http" else None
        if policy is None:
            await self.app(scope, receive, send)
            return
        caller = client_key(scope) if policy.by_client else self.callers.name(scope)
        verdict = await self.store.hit(policy, caller)
        if verdict is None:
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        state["response_headers"] += limit_headers(policy, verdict, older=self.older)
        if verdict.wait is not None:
            raise RateLimitedError(verdict.wait)
        try:
            await self.app(scope, receive, send)
        finally:
            if state["status"] == HTTPStatus.UNAUTHORIZED:
                self.callers.refuse(scope)


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
            "description": "How much of it is left (`r`), and for how many seconds (`t`).",
            "schema": {"type": "string"},
        },
    },
)


def register_rate_limit(
    app: FastAPI, settings: RateLimitSettings, callers: RateLimitKey | None = None
) -> None:
    """Limit all requests but probes, inside of all other middleware.

    Args:
        app: The application, without its other middleware.
        settings: The default limits.
        callers: Tells whose request it is; by default, that of the network it comes
            from.
    """
    if not settings.enabled:
        return
    app.add_middleware(
        RateLimitMiddleware,
        store=store.make_store(app),
        settings=settings,
        callers=callers or RateLimitKey(),
    )
    older = OLDER_NAMES if settings.x_headers else ()
    app.state.exposed_headers = (*NAMES, *older)
    document_limits(app, settings)


def document_limits(app: FastAPI, settings: RateLimitSettings) -> None:
    """Add to the document what a limited operation answers above its limit."""

    def add_limits(document: dict[str, Any]) -> None:
        policies = Policies(app.routes, parse_limits(settings.default))
        for path, method, operation in operations(document):
            if policies.find({"path": path, "method": method.upper()}):
                operation["responses"].setdefault("429", LIMITED)

    extend_openapi(app, add_limits)
