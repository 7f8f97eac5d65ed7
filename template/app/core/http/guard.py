"""The layer around the framework: what it must not see, how long it may take, its last resort."""

from urllib.parse import unquote_to_bytes

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError, BadRequestError, error_response, problem_response
from app.core.http.body import checked_body
from app.core.http.hosts import AllowedHosts
from app.core.http.time_limit import TimeLimit, TimeLimitError
from app.core.settings import HttpSettings

logger = structlog.get_logger()


def handle_unexpected(scope: Scope, error: Exception) -> Response:
    """Answer what no handler has answered; what nobody expected is logged with its trace."""
    if isinstance(error, TimeLimitError):
        logger.warning("request_timed_out")
    if isinstance(error, AppError):
        return error_response(scope, error)
    logger.error("unhandled_error", exc_info=error)
    return problem_response(
        scope, 500, "internal_error", "Something went wrong on our side."
    )


def check_query(scope: Scope) -> None:
    """Refuse a query that is no text: the framework would put other characters in their place.

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
        self.max_body_bytes = http.max_body_bytes
        self.body_timeout = http.body_timeout
        self.time_limit = TimeLimit(http.request_timeout)
        self.debug = debug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self.hosts.check(scope)
            check_query(scope)
            receive = checked_body(
                scope, receive, self.max_body_bytes, self.body_timeout
            )
            with self.time_limit():
                await self.app(scope, receive, send)
        except Exception as error:
            unexpected = not isinstance(error, AppError)
            # Once an answer has begun, only the server can end it, by closing the
            # connection.
            if scope["state"]["status"] or (unexpected and self.debug):
                raise
            await handle_unexpected(scope, error)(scope, receive, send)
