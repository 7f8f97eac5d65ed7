"""Answers errors of every kind with problem documents, without repeating any input."""

import re
import socket
import ssl
import traceback
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import (
    AppError,
    BadRequestError,
    ConflictError,
    InvalidError,
    PreconditionFailedError,
    UnavailableError,
    error_of_status,
    error_response,
    title_of,
)
from app.core.http.request import route_path
from app.db import dialect
from app.db.base import Base
from app.db.violations import Outage, Violation

DETAILS = {
    "Not Found": "There is nothing at this address.",
    "Method Not Allowed": (
        "This address does not offer the method; `Allow` names those it offers."
    ),
    "There was an error parsing the body": "The body cannot be read.",
}
LOST_CONNECTION = (ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError)
"""What drivers raise, besides errors of their own, when a server cannot be reached."""

IN_USE = "This is still in use: something else refers to it."
MAX_FIELDS = 50
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")

logger = structlog.get_logger()


def register_error_handlers(app: FastAPI) -> None:
    """Answer whatever is raised inside of the framework."""
    app.exception_handler(AppError)(handle_app_error)
    app.exception_handler(HTTPException)(handle_http_error)
    app.exception_handler(RequestValidationError)(handle_invalid_request)
    for lost_connection in LOST_CONNECTION:
        app.exception_handler(lost_connection)(handle_lost_connection)
    app.exception_handler(DBAPIError)(handle_database_error)
    app.exception_handler(StaleDataError)(handle_stale_row)
    app.exception_handler(PoolTimeoutError)(handle_exhausted_pool)


async def handle_app_error(request: Request, error: AppError) -> Response:
    """Answer with what a service decided."""
    return error_response(request.scope, error)


async def handle_http_error(request: Request, error: HTTPException) -> Response:
    """Answer with what the framework decided: an unknown path or method."""
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(allowed_methods(request)))
    # Without a sentence of its own, an error has the name of its status.
    detail = status.description if error.detail == status.phrase else error.detail
    detail = DETAILS.get(error.detail) or detail or title_of(status)
    return error_response(request.scope, error_of_status(status.value, detail, headers))


def allowed_methods(request: Request) -> set[str]:
    """Return every method that some route offers at the path of a request.

    A mounted folder of files names none itself; `HEAD` goes wherever `GET` does.
    """
    methods = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path_regex.match(route_path(request.scope))
        for method in route.methods or ("GET",)
    }
    return methods | {"HEAD"} if "GET" in methods else methods


async def handle_lost_connection(request: Request, error: Exception) -> Response:
    """Answer 503 when something that the API depends on cannot be reached."""
    event = "timed_out" if isinstance(error, TimeoutError) else "connection_lost"
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    # Time-outs often say nothing of themselves.
    where = f"{frame.f_globals['__name__']}:{line}"
    logger.warning(event, kind=type(error).__name__, error=str(error), where=where)
    return error_response(request.scope, UnavailableError())


async def handle_invalid_request(
    request: Request, error: RequestValidationError
) -> Response:
    """Answer 400 to what is not JSON and 422 to what breaks the schema."""
    errors = error.errors()
    if any(item["type"] == "json_invalid" for item in errors):
        refusal = BadRequestError("The body is not valid JSON.")
        return error_response(request.scope, refusal)
    fields: dict[str, list[str]] = {}
    for item in errors[:MAX_FIELDS]:
        messages = fields.setdefault(field_of(item), [])
        if (message := message_of(item)) not in messages:
            messages.append(message)
    detail = "Some fields are not valid; `field_errors` names them."
    return error_response(request.scope, InvalidError(detail, fields=fields))


def field_of(error: dict[str, Any]) -> str:
    """Return the name of the field, unless the client has made it up."""
    place, *parts = map(str, error["loc"])
    name = ".".join(parts)
    return name if FIELD_NAME.fullmatch(name) else place


def message_of(error: dict[str, Any]) -> str:
    """Return what is wrong with a value; after a comma, parsers quote the value."""
    if error["type"] == "extra_forbidden":
        return "Unknown field."
    message: str = error["msg"].removeprefix("Value error, ")
    return message.partition(",")[0] if error["type"].endswith("_parsing") else message


def describe_unreachable(error: Exception, outage: Outage = Outage.GONE) -> str:
    """Return a sentence that says what to look at."""
    hint = "The database cannot be reached: is it running, and is DATABASE_URL right?"
    return f"{hint if outage == Outage.GONE else outage.value} ({reason_of(error)})"


def reason_of(error: Exception) -> str:
    """Return what has happened, in the words of the driver."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    return str(cause) or type(cause).__name__


def conflict(violation: Violation) -> ConflictError:
    """Return the error that names the fields which a constraint refused."""
    message = violation.kind.value
    fields = {field: [message] for field in violation.fields}
    return ConflictError(message, fields=fields or None)


async def handle_database_error(request: Request, error: DBAPIError) -> Response:
    """Answer 409 to a refused row and 503 to what can succeed later.

    Raises:
        DBAPIError: If it is neither: a mistake of ours, for the log and a 500.
    """
    if violation := dialect.find_violation(error, Base.metadata):
        # The fields of other rows are not to blame.
        is_in_use = request.method == "DELETE"
        refusal = ConflictError(IN_USE) if is_in_use else conflict(violation)
        return error_response(request.scope, refusal)
    if outage := dialect.find_outage(error):
        kind, said = outage.name.lower(), reason_of(error)
        logger.warning("database_unavailable", kind=kind, error=said)
        return error_response(request.scope, UnavailableError(outage.value))
    raise error


async def handle_stale_row(request: Request, _error: StaleDataError) -> Response:
    """Answer 412 or 409 when a row has changed between reading and writing it."""
    kind = PreconditionFailedError if "If-Match" in request.headers else ConflictError
    return error_response(request.scope, kind("Somebody else has just changed this."))


async def handle_exhausted_pool(request: Request, _error: PoolTimeoutError) -> Response:
    """Answer 503 when all connections stay busy."""
    logger.warning("database_pool_exhausted")
    return error_response(request.scope, UnavailableError())
