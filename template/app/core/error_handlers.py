"""Turns exceptions into problem documents."""

import socket
import traceback
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import AppError, UnavailableError
from app.core.invalid_requests import handle_invalid_request
from app.core.problems import error_response, problem_response, title_of

DETAILS = {
    "Not Found": "There is nothing at this address.",
    "Method Not Allowed": "This address does not offer the method; `Allow` names those it offers.",
    "There was an error parsing the body": "The body cannot be read.",
}

LOST_CONNECTION = (ConnectionError, TimeoutError, socket.gaierror)
"""What drivers raise, besides errors of their own, when a server cannot be reached."""

logger = structlog.get_logger()


async def handle_app_error(request: Request, error: AppError) -> Response:
    """Answer with what a service decided."""
    return error_response(request.scope, error)


async def handle_http_error(request: Request, error: HTTPException) -> Response:
    """Answer with what the framework decided: an unknown path, a method that is not offered."""
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(allowed_methods(request)))
    title = title_of(status)
    code = title.lower().replace(" ", "_")
    # Without a sentence of its own, an error has the name of its status.
    detail = status.description if error.detail == status.phrase else error.detail
    detail = DETAILS.get(error.detail) or detail or title
    return problem_response(request.scope, status, code, detail, headers=headers)


async def handle_lost_connection(request: Request, error: Exception) -> Response:
    """Answer 503 when something that the API depends on cannot be reached."""
    event = "timed_out" if isinstance(error, TimeoutError) else "connection_lost"
    logger.warning(event, kind=type(error).__name__, error=str(error), where=place_of(error))
    return error_response(request.scope, UnavailableError())


def place_of(error: Exception) -> str:
    """Give the module and line that raised an error: time-outs often say nothing themselves."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{frame.f_globals['__name__']}:{line}"


def allowed_methods(request: Request) -> set[str]:
    """Give every method that some route offers at the path of a request.

    A mounted folder of files names none itself; `HEAD` goes wherever `GET` does.
    """
    methods = {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path_regex.match(request.scope["path"])
        for method in route.methods or ("GET",)
    }
    return methods | {"HEAD"} if "GET" in methods else methods


def register_error_handlers(app: FastAPI) -> None:
    """Render errors of every kind alike."""
    app.exception_handler(AppError)(handle_app_error)
    app.exception_handler(HTTPException)(handle_http_error)
    app.exception_handler(RequestValidationError)(handle_invalid_request)
    for lost_connection in LOST_CONNECTION:
        app.exception_handler(lost_connection)(handle_lost_connection)
