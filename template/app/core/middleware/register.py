"""Puts the middleware around the application."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.core.access_log import AccessLog
from app.core.middleware.body_limit import BodyLimitMiddleware
from app.core.middleware.https_redirect import RedirectMiddleware
from app.core.middleware.request import RequestMiddleware
from app.core.middleware.trusted_host import TrustedHostMiddleware
from app.core.security_headers import security_headers
from app.core.settings.cors import CorsSettings
from app.core.settings.http import HttpSettings


def register_middleware(
    app: FastAPI,
    http: HttpSettings,
    cors: CorsSettings,
    access_log: AccessLog,
    *,
    in_production: bool,
) -> None:
    """Add what the settings ask for; the last one added is the first to see a request."""
    app.add_middleware(BodyLimitMiddleware, max_bytes=http.max_body_bytes)
    if cors.allow_origins:
        app.add_middleware(CORSMiddleware, **cors.model_dump(), expose_headers=["X-Request-ID"])
    if http.https_redirect:
        app.add_middleware(RedirectMiddleware)
    if "*" not in http.allowed_hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=http.allowed_hosts)
    app.add_middleware(
        RequestMiddleware,
        headers=security_headers(http.hsts_max_age if in_production else 0),
        timeout=http.request_timeout,
        access_log=access_log,
        debug=app.debug,
    )
    if http.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(http.trusted_proxies))
