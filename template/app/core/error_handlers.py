"""Turns exceptions into problem documents."""

import socket
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import AppError, BadRequestError, InvalidError, UnavailableError
from app.core.problems import error_response, problem_response, title_of

MAX_FIELDS = 50
MAX_NAME_LENGTH = 100

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
    detail = error.detail if error.detail != status.phrase else status.description
    title = title_of(status)
    code = title.lower().replace(" ", "_")
    return problem_response(request.scope, status, code, detail or title, headers=headers)


async def handle_invalid_request(request: Request, error: RequestValidationError) -> Response:
    """Answer 400 to what is no JSON and 422 to what breaks the schema; input is never repeated."""
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return error_response(request.scope, BadRequestError("The body is not valid JSON."))
    fields: dict[str, list[str]] = {}
    for item in error.errors()[:MAX_FIELDS]:
        name = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
        fields.setdefault(name[:MAX_NAME_LENGTH], []).append(message_of(item))
    invalid = InvalidError("Some fields are not valid; `field_errors` names them.", fields=fields)
    return error_response(request.scope, invalid)


def message_of(error: dict[str, Any]) -> str:
    """Say what is wrong with a value; what a parser says after the comma quotes the value."""
    message: str = error["msg"].removeprefix("Value error, ")
    return message.partition(",")[0] if error["type"].endswith("_parsing") else message


async def handle_lost_connection(request: Request, error: Exception) -> Response:
    """Answer 503 when something that the API depends on cannot be reached."""
    logger.warning("connection_lost", kind=type(error).__name__, error=str(error))
    return error_response(request.scope, UnavailableError())


def allowed_methods(request: Request) -> set[str]:
    """Give every method that some route offers at the path of a request.

    A mounted folder of files names none itself.
    """
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path_regex.match(request.scope["path"])
        for method in route.methods or ("GET", "HEAD")
    }


def register_error_handlers(app: FastAPI) -> None:
    """Render errors of every kind alike."""
    app.exception_handler(AppError)(handle_app_error)
    app.exception_handler(HTTPException)(handle_http_error)
    app.exception_handler(RequestValidationError)(handle_invalid_request)
    for lost_connection in (ConnectionError, TimeoutError, socket.gaierror):
        app.exception_handler(lost_connection)(handle_lost_connection)
