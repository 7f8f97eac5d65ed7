"""Turns errors of the database into answers."""

import structlog
from fastapi import FastAPI, Request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.responses import Response

from app.core.errors import (
    ConflictError,
    PreconditionFailedError,
    UnavailableError,
    error_response,
)
from app.db import dialect
from app.db.base import Base
from app.db.violations import Violation


def describe_unreachable(error: Exception) -> str:
    """Return a sentence that says what to look at."""
    hint = "is it running, and is DATABASE_URL right?"
    return f"The database cannot be reached: {hint} ({reason_of(error)})"


def reason_of(error: Exception) -> str:
    """Return what has happened, in the words of the driver."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    return str(cause) or type(cause).__name__


IN_USE = "This is still in use: something else refers to it."

logger = structlog.get_logger()


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
    if dialect.is_unavailable(error):
        logger.warning("database_unavailable", reason=type(error.orig).__name__)
        return error_response(request.scope, UnavailableError())
    raise error


async def handle_stale_row(request: Request, _error: StaleDataError) -> Response:
    """Answer 412 or 409 when a row has changed between reading and writing it."""
    kind = PreconditionFailedError if "If-Match" in request.headers else ConflictError
    return error_response(request.scope, kind("Somebody else has just changed this."))


async def handle_exhausted_pool(request: Request, _error: PoolTimeoutError) -> Response:
    """Answer 503 when all connections stay busy."""
    logger.warning("database_pool_exhausted")
    return error_response(request.scope, UnavailableError())


def register_database_error_handlers(app: FastAPI) -> None:
    """Render errors of the database like all others."""
    app.exception_handler(DBAPIError)(handle_database_error)
    app.exception_handler(StaleDataError)(handle_stale_row)
    app.exception_handler(PoolTimeoutError)(handle_exhausted_pool)
