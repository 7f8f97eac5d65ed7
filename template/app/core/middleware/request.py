"""The outermost layer: request id, time limit, security headers, access line, last resort."""

import re
import secrets
from collections.abc import Iterable
from time import perf_counter

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.access_log import AccessLog
from app.core.errors import AppError, UnavailableError
from app.core.middleware.time_limit import TimeLimit
from app.core.problems import error_response, problem_response

REQUEST_ID_HEADER = b"x-request-id"
HARMLESS_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

logger = structlog.get_logger()


def request_id_of(scope: Scope) -> str:
    """Take over the id that a proxy gave the request, if it is harmless in a log, or make one."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID_HEADER and HARMLESS_ID.fullmatch(value):
            return str(value, "ascii")
    return secrets.token_hex(16)


def last_resort(scope: Scope, error: Exception) -> Response:
    """Answer what no handler has answered; what nobody expected is logged with its trace."""
    if isinstance(error, AppError):
        return error_response(scope, error)
    if isinstance(error, TimeoutError):
        logger.warning("request_timed_out")
        return error_response(scope, UnavailableError("This took too long; please try again."))
    logger.error("unhandled_error", exc_info=error)
    return problem_response(scope, 500, "internal_error", "Something went wrong on our side.")


class RequestMiddleware:
    """Wraps every request; one layer, since each costs time on every request.

    Args:
        app: The application inside.
        headers: Security headers; those that an answer sets itself are left alone.
        timeout: Seconds after which a request is given up with 503.
        access_log: Where a line for each request goes.
        debug: Whether unexpected errors are passed on, to be shown with their trace.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        headers: Iterable[tuple[bytes, bytes]],
        timeout: float,
        access_log: AccessLog,
        debug: bool = False,
    ) -> None:
        self.app = app
        self.headers = tuple(headers)
        self.names = frozenset(name for name, _ in self.headers)
        self.timeout = timeout
        self.access_log = access_log
        self.debug = debug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = perf_counter()
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.get("headers", ())
                present = {name for name, _ in headers}
                missing = self.headers
                if not self.names.isdisjoint(present):
                    missing = tuple(one for one in self.headers if one[0] not in present)
                message["headers"] = [*headers, *missing, (REQUEST_ID_HEADER, request_id.encode())]
            await send(message)

        try:
            with TimeLimit(self.timeout):
                await self.app(scope, receive, send_with_headers)
        except Exception as error:
            # Once an answer has begun, only the server can end it, by closing the connection.
            if status or self.debug:
                raise
            response = last_resort(scope, error)
            await response(scope, receive, send_with_headers)
        finally:
            self.access_log.write(scope, status, perf_counter() - started)
