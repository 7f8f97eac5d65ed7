"""The layers around the framework."""

import asyncio
import os
import re
from collections.abc import Iterable
from http import HTTPStatus
from time import perf_counter

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.typing import FilteringBoundLogger
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.core.errors import (
    AppError,
    BadRequestError,
    UnavailableError,
    error_of_status,
    error_response,
)
from app.core.http.request import add_prefix, check_host, check_query, is_probe
from app.core.project import ProjectSettings
from app.core.settings import HttpSettings

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "X-CSRF-Token",
    "X-Request-ID",
)
"""Headers that a page of another origin may send.

Others are in `app.state.allowed_headers` if a feature has named some.
"""
EXPOSED = ("ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-ID")
"""Headers that a page of another origin may read besides those that any page may.

A feature that sends others has named them in `app.state.exposed_headers` by then.
"""

RawHeaders = tuple[tuple[bytes, bytes], ...]
HARMLESS_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""Ids of requests that a proxy may give: they are harmless in a log."""
SECURITY_HEADERS = (
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
"""Lets browsers insist on HTTPS, for a year."""

logger = structlog.get_logger()


def register_middleware(
    app: FastAPI, settings: ProjectSettings, access_log: FilteringBoundLogger
) -> None:
    """Add what the settings ask for; the last one is the first to see a request."""
    http, cors = settings.http, settings.cors
    app.add_middleware(ErrorMiddleware, http=http, debug=settings.debug)
    if cors.allow_origins:
        # Around the errors: a page can read them too.
        app.add_middleware(
            CorsMiddleware,
            allow_origins=cors.allow_origins,
            allow_credentials=cors.allow_credentials,
            allow_headers=(*HEADERS, *getattr(app.state, "allowed_headers", ())),
            allow_methods=METHODS,
            expose_headers=(*EXPOSED, *getattr(app.state, "exposed_headers", ())),
        )
    headers = security_headers(settings)
    app.add_middleware(
        RequestMiddleware,
        headers=headers,
        access_log=access_log,
        root_path=settings.server.root_path,
    )
    if proxies := list(http.trusted_proxies):
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)


def security_headers(settings: ProjectSettings) -> RawHeaders:
    """Return what every response has, those to broken requests too."""
    return (*SECURITY_HEADERS, HSTS) if settings.in_production else SECURITY_HEADERS


class RequestMiddleware:
    """Request id, security headers, access line, `HEAD`: in one layer, as each costs.

    Layers inside may add to `response_headers` of a request's state: what its response
    will have, whoever gives it. A response keeps a security header that it sets itself.
    `log_fields` of the state are added to the access line.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        headers: Iterable[tuple[bytes, bytes]],
        access_log: FilteringBoundLogger,
        root_path: str = "",
    ) -> None:
        self.app = app
        self.root_path = root_path
        self.headers = tuple(headers)
        self.names = frozenset(name for name, _ in self.headers)
        self.access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or a WebSocket for as long as it is open."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return

        started = perf_counter()
        add_prefix(scope, self.root_path)
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if HARMLESS_ID.fullmatch(given) else os.urandom(16).hex()
        # The request before it on the same connection may have left its own.
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        own = [*self.headers, (b"x-request-id", request_id.encode())]
        state = scope.setdefault("state", {})
        state.update(request_id=request_id, status=0, response_headers=own)
        # A WebSocket begins with a request too, and is answered with 101 or an error.
        method = scope.setdefault("method", "GET")
        if method == "HEAD":
            # Inside, it is a `GET`; the server and the log must see what it was.
            scope["method"], state["is_head"] = "GET", True

        async def send_with_headers(message: Message) -> None:
            if status := status_of(message):
                state["status"] = status
                given = message.get("headers", ())
                present = self.names.intersection([name for name, _ in given])
                missing = [one for one in own if one[0] not in present]
                message["headers"] = [*given, *missing]
            if method == "HEAD":
                scope["method"] = method
                message.pop("body", None)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            scope["method"] = method
            if not is_probe(scope):
                line = access_line(scope, perf_counter() - started)
                self.access_log.info("request", **line)


def status_of(message: Message) -> int:
    """Return the status code that a message begins an answer with; 0 if it does not."""
    if message["type"] == "websocket.accept":
        return HTTPStatus.SWITCHING_PROTOCOLS.value
    return message["status"] if message["type"].endswith("response.start") else 0


def access_line(scope: Scope, seconds: float) -> dict[str, object]:
    """Return what is logged; if the client left before an answer, the status is 0."""
    state, client = scope["state"], scope.get("client")
    included = scope.get("fastapi", {}).get("effective_route_context")
    return {
        "request_id": state["request_id"],
        "client": client[0] if client else None,
        "method": scope["method"],
        "route": getattr(included or scope.get("route"), "path", None),
        "status": state["status"],
        "duration_ms": round(seconds * 1000, 2),
        **state.get("log_fields", {}),
    }


class CorsMiddleware(CORSMiddleware):
    """Tells nothing to origins that may not send requests; refuses with a problem."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer a preflight."""
        response = super().preflight_response(request_headers)
        if response.status_code == HTTPStatus.OK:
            return response
        return RefusedPreflight(headers={"Vary": response.headers["Vary"]})

    async def send(
        self, message: Message, send: Send, request_headers: Headers
    ) -> None:
        """Add headers to a response; an unknown origin gets those of none."""
        origin = request_headers.get("origin")
        if origin is not None and not self.is_allowed_origin(origin):
            request_headers = Headers()
        await super().send(message, send, request_headers)


class RefusedPreflight(Response):
    """The answer to a question whether a page may send a request: it may not."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem document."""
        detail = "This origin may not send such a request."
        error = BadRequestError(detail, headers={"Vary": self.headers["Vary"]})
        await error_response(scope, error)(scope, receive, send)


class ErrorMiddleware:
    """Keeps bad requests out and answers every error; one layer, since each costs.

    For debugging, unexpected errors are passed on, to be shown with their trace.
    """

    def __init__(
        self, app: ASGIApp, *, http: HttpSettings, debug: bool = False
    ) -> None:
        self.app = app
        self.http = http
        self.debug = debug
        self.redirecting = HTTPSRedirectMiddleware(app) if http.https_redirect else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or a WebSocket, whose time is not limited."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        is_request = scope["type"] == "http"
        answer = send if is_request else answering(scope, receive, send)
        limit = asyncio.timeout(self.http.request_timeout if is_request else None)
        scope["state"]["time_limit"] = limit
        try:
            check_host(scope, self.http.allowed_hosts)
            check_query(scope)
            async with limit:
                app = self.app if is_probe(scope) else self.redirecting
                await app(scope, receive, answer)
        except WebSocketDisconnect:
            return
        except Exception as error:
            # Once an answer has begun, only the server can end it, by closing the
            # connection.
            if scope["state"]["status"]:
                raise
            if limit.expired() and isinstance(error, TimeoutError):
                logger.warning("request_timed_out")
                error = UnavailableError("This took too long; please try again.")
            elif not isinstance(error, AppError):
                if self.debug:
                    raise
                logger.error("unhandled_error", exc_info=error)
                error = AppError("Something went wrong on our side.")
            await error_response(scope, error)(scope, receive, send)


def answering(scope: Scope, receive: Receive, send: Send) -> Send:
    """Return what answers if a WebSocket is closed before it was accepted."""

    async def answer(message: Message) -> None:
        if message["type"] != "websocket.close" or scope["state"]["status"]:
            await send(message)
            return
        error = error_of_status(404, "There is nothing at this address.")
        if "endpoint" in scope:
            error = error_of_status(403, "This WebSocket was not accepted.")
        await error_response(scope, error)(scope, receive, send)

    return answer
