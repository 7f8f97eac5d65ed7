"""The outermost layer: request id, security headers, access line, and `HEAD`."""

import re
import secrets
from collections.abc import Iterable
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.access_log import AccessLog

REQUEST_ID_HEADER = b"x-request-id"
HARMLESS_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def request_id_of(scope: Scope) -> str:
    """Take over the id that a proxy gave the request, if it is harmless in a log, or make one."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID_HEADER and HARMLESS_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(16)


class RequestMiddleware:
    """Wraps every request; one layer, since each costs time on every request.

    Args:
        app: The application inside.
        headers: Security headers; those that an answer sets itself are left alone.
        access_log: Where a line for each request goes.
    """

    def __init__(
        self, app: ASGIApp, *, headers: Iterable[tuple[bytes, bytes]], access_log: AccessLog
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
        request_id = request_id_of(scope)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["status"] = 0
        structlog.contextvars.bind_contextvars(request_id=request_id)
        method = scope["method"]
        if method == "HEAD":
            # Inside, it is a `GET`; the server and the log must see what it was.
            scope["method"] = "GET"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
                headers = message.get("headers", ())
                present = {name for name, _ in headers}
                missing = self.headers
                if not self.names.isdisjoint(present):
                    missing = tuple(one for one in self.headers if one[0] not in present)
                message["headers"] = [*headers, *missing, (REQUEST_ID_HEADER, request_id.encode())]
            if method == "HEAD":
                scope["method"] = method
                message.pop("body", None)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            scope["method"] = method
            self.access_log.write(scope, perf_counter() - started)
