"""Refuses requests above their limits: before their body is read, and any work is done."""

import math
from http import HTTPStatus
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError
from app.core.rate_limit.callers import Callers, client_of
from app.core.rate_limit.headers import limit_headers
from app.core.rate_limit.policies import Policy
from app.core.rate_limit.routes import Policies
from app.core.rate_limit.usage import Verdict
from app.core.settings.rate_limit import RateLimitSettings, parse_limits


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
        callers: Callers,
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
        caller = client_of(scope) if policy.by_client else self.callers.name(scope)
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
