"""The outermost layer: request id, security headers, access line, and `HEAD`."""

from collections.abc import Iterable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from app.core import request_id
from app.core.logging import AccessLog

API_POLICY = b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def security_headers(hsts_max_age: int) -> list[tuple[bytes, bytes]]:
    """Give the headers; an answer that sets one of them itself keeps its own.

    Args:
        hsts_max_age: Seconds for which browsers insist on HTTPS; 0 leaves the header
            out.
    """
    headers = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", API_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if hsts_max_age:
        value = f"max-age={hsts_max_age}; includeSubDomains"
        headers.append((b"strict-transport-security", value.encode()))
    return headers


class RequestMiddleware:
    """Wraps every request; one layer, since each costs time on every request.

    Layers inside may add to `response_headers` of a request's state: what its answer
    will have, whoever gives it.

    Args:
        app: The application inside.
        headers: Security headers; those that an answer sets itself are left alone.
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
        chosen = request_id.choose_id(dict(scope["headers"]).get(request_id.HEADER))
        request_id.current.set(chosen)
        # The request before it on the same connection may have left its own.
        clear_contextvars()
        state = scope.setdefault("state", {})
        state["request_id"] = chosen
        state["status"] = 0
        own = state["response_headers"] = [
            *self.headers,
            (request_id.HEADER, chosen.encode()),
        ]
        method = scope["method"]
        if method == "HEAD":
            # Inside, it is a `GET`; the server and the log must see what it was.
            scope["method"] = "GET"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
                given = message.get("headers", ())
                present = self.names.intersection([name for name, _ in given])
                missing = (
                    [one for one in own if one[0] not in present] if present else own
                )
                message["headers"] = [*given, *missing]
            if method == "HEAD":
                scope["method"] = method
                message.pop("body", None)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            scope["method"] = method
            self.access_log.write(scope, perf_counter() - started)
