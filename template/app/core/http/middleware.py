"""Puts the middleware around the application."""

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.core.http.cors import CorsMiddleware
from app.core.http.errors import ErrorMiddleware
from app.core.http.hosts import RedirectMiddleware
from app.core.http.request import RequestMiddleware, security_headers
from app.core.logging import AccessLog
from app.core.settings import CorsSettings, HttpSettings

HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "X-CSRF-Token",
    "X-Request-ID",
)
"""Headers that a page of another origin may send."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
EXPOSED = ("ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-ID")
"""Headers that a page of another origin may read besides those that any page may.

A feature that sends others has named them in `app.state.exposed_headers` by then.
"""


def register_middleware(
    app: FastAPI,
    http: HttpSettings,
    cors: CorsSettings,
    access_log: AccessLog,
    *,
    in_production: bool,
) -> None:
    """Add what the settings ask for; the last one is the first to see a request."""
    if http.https_redirect:
        app.add_middleware(RedirectMiddleware)
    app.add_middleware(ErrorMiddleware, http=http, debug=app.debug)
    if cors.allow_origins:
        # Around the guard: a page can read errors too.
        exposed = (*EXPOSED, *getattr(app.state, "exposed_headers", ()))
        app.add_middleware(
            CorsMiddleware,
            allow_origins=cors.allow_origins,
            allow_credentials=cors.allow_credentials,
            allow_headers=HEADERS,
            allow_methods=METHODS,
            expose_headers=exposed,
        )
    app.add_middleware(
        RequestMiddleware,
        headers=security_headers(hsts=in_production),
        access_log=access_log,
    )
    if http.trusted_proxies:
        app.add_middleware(
            ProxyHeadersMiddleware, trusted_hosts=list(http.trusted_proxies)
        )
