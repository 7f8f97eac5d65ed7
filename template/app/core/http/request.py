"""The outermost layer: request id, security headers, access line, and `HEAD`."""

import os
import re
from collections.abc import Iterable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from app.core.http.scope import header
from app.core.logging import AccessLog, current_request_id

REQUEST_ID = b"x-request-id"
HARMLESS = re.compile(rb"[A-Za-z0-9._-]{8,64}")
API_POLICY = b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
HSTS = b"max-age=31536000; includeSubDomains"


def choose_request_id(given: bytes) -> str:
    """Return the id that a proxy gave, if it is harmless in a log, or a new one."""
    if HARMLESS.fullmatch(given):
        return given.decode("ascii")
    return os.urandom(16).hex()


def security_headers(*, hsts: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers; a response that sets one of them itself keeps its own.

    Args:
        hsts: Whether browsers shall insist on HTTPS, for a year.
    """
    headers = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", API_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return [*headers, (b"strict-transport-security", HSTS)] if hsts else headers


class RequestMiddleware:
    """Wraps every request; one layer, since each costs time on every request.

    Layers inside may add to `response_headers` of a request's state: what its response
    will have, whoever gives it.

    Args:
        app: The application inside.
        headers: Security headers; those that a response sets itself are left alone.
        access_log: Where a line for each request goes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        headers: Iterable[tuple[bytes, bytes]],
        access_log: AccessLog,
    ) -> None:
        self.app = app
        self.headers = tuple(headers)
        self.names = frozenset(name for name, _ in self.headers)
        self.access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = perf_counter()
        request_id = choose_request_id(header(scope, REQUEST_ID))
        current_request_id.set(request_id)
        # The request before it on the same connection may have left its own.
        clear_contextvars()
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["status"] = 0
        state["response_headers"] = [*self.headers, (REQUEST_ID, request_id.encode())]
        method = scope["method"]
        if method == "HEAD":
            # Inside, it is a `GET`; the server and the log must see what it was.
            scope["method"] = "GET"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
                message["headers"] = self.complete(
                    message.get("headers", ()), state["response_headers"]
                )
            if method == "HEAD":
                scope["method"] = method
                message.pop("body", None)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            scope["method"] = method
            self.access_log.write(scope, perf_counter() - started)

    def complete(
        self,
        given: Iterable[tuple[bytes, bytes]],
        own: list[tuple[bytes, bytes]],
    ) -> list[tuple[bytes, bytes]]:
        """Return the headers of a response with those of ours that it lacks."""
        present = self.names.intersection([name for name, _ in given])
        missing = [one for one in own if one[0] not in present] if present else own
        return [*given, *missing]
