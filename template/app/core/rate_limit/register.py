"""Attaches rate limits to the application."""

from typing import Any

from fastapi import FastAPI

from app.core.openapi import problem_description
from app.core.rate_limit import store
from app.core.rate_limit.callers import Callers
from app.core.rate_limit.headers import NAMES, OLDER_NAMES
from app.core.rate_limit.middleware import RateLimitMiddleware
from app.core.rate_limit.routes import Policies
from app.core.settings.rate_limit import RateLimitSettings, parse_limits

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
    app: FastAPI, settings: RateLimitSettings, callers: Callers | None = None
) -> None:
    """Limit all requests but probes, inside of all other middleware.

    Args:
        app: The application, without its other middleware.
        settings: The default limits.
        callers: Tells whose request it is; by default, that of the network it comes from.
    """
    if not settings.enabled:
        return
    app.add_middleware(
        RateLimitMiddleware,
        store=store.make_store(app),
        settings=settings,
        callers=callers or Callers(),
    )
    older = OLDER_NAMES if settings.x_headers else ()
    app.state.exposed_headers = (*NAMES, *older)
    document_limits(app, settings)


def document_limits(app: FastAPI, settings: RateLimitSettings) -> None:
    """Add to the document what a limited operation answers above its limit."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        policies = Policies(app.routes, parse_limits(settings.default))
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if policies.find({"path": path, "method": method.upper()}):
                    operation["responses"].setdefault("429", LIMITED)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
