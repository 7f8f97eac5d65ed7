"""The layer around the framework: what it must not see, and errors that it lets out."""

import asyncio
from urllib.parse import unquote_to_bytes

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import (
    AppError,
    BadRequestError,
    UnavailableError,
    error_response,
    problem_response,
)
from app.core.http.body import checked_body
from app.core.http.hosts import AllowedHosts
from app.core.settings import HttpSettings

logger = structlog.get_logger()


def handle_unexpected(scope: Scope, error: Exception) -> Response:
    """Answer what no handler has answered; the unexpected is logged with its trace."""
    if isinstance(error, AppError):
        return error_response(scope, error)
    logger.error("unhandled_error", exc_info=error)
    return problem_response(
        scope, 500, "internal_error", "Something went wrong on our side."
    )


def handle_timeout(scope: Scope) -> Response:
    """Answer a request that has taken longer than requests may."""
    logger.warning("request_timed_out")
    return error_response(
        scope, UnavailableError("This took too long; please try again.")
    )


def check_query(scope: Scope) -> None:
    """Refuse a query that is not text: the framework would replace its characters.

    Raises:
        BadRequestError: If it is not UTF-8.
    """
    query: bytes = scope["query_string"]
    if query and (b"%" in query or not query.isascii()):
        try:
            unquote_to_bytes(query).decode()
        except UnicodeDecodeError:
            raise BadRequestError("The query must be UTF-8.") from None


class ErrorMiddleware:
    """Keeps bad requests out and answers every error; one layer, since each costs time.

    Args:
        app: The application inside.
        http: Hosts, size of bodies, and time limits.
        debug: Whether unexpected errors are passed on, to be shown with their trace.
    """

    def __init__(
        self, app: ASGIApp, *, http: HttpSettings, debug: bool = False
    ) -> None:
        self.app = app
        self.hosts = AllowedHosts(http.allowed_hosts)
        self.http = http
        self.debug = debug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        http = self.http
        limit = asyncio.timeout(http.request_timeout)
        try:
            self.hosts.check(scope)
            check_query(scope)
            receive = checked_body(
                scope,
                receive,
                max_bytes=http.max_body_bytes,
                seconds=http.body_timeout,
            )
            async with limit:
                await self.app(scope, receive, send)
        except Exception as error:
            timed_out = limit.expired() and isinstance(error, TimeoutError)
            expected = timed_out or isinstance(error, AppError)
            # Once an answer has begun, only the server can end it, by closing the
            # connection.
            if scope["state"]["status"] or (self.debug and not expected):
                raise
            response = (
                handle_timeout(scope) if timed_out else handle_unexpected(scope, error)
            )
            await response(scope, receive, send)
