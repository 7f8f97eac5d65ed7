"""Tells the client which fields of a request are wrong, and repeats nothing of it."""

import re
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from app.core.errors import BadRequestError, InvalidError
from app.core.problems import error_response

MAX_FIELDS = 50
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


async def handle_invalid_request(request: Request, error: RequestValidationError) -> Response:
    """Answer 400 to what is no JSON and 422 to what breaks the schema; input is never repeated."""
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return error_response(request.scope, BadRequestError("The body is not valid JSON."))
    fields: dict[str, list[str]] = {}
    for item in error.errors()[:MAX_FIELDS]:
        messages = fields.setdefault(field_of(item), [])
        if (message := message_of(item)) not in messages:
            messages.append(message)
    invalid = InvalidError("Some fields are not valid; `field_errors` names them.", fields=fields)
    return error_response(request.scope, invalid)


def field_of(error: dict[str, Any]) -> str:
    """Name the field; a name that no schema would have is the client's and not repeated."""
    place, *parts = map(str, error["loc"])
    name = ".".join(parts)
    return name if FIELD_NAME.fullmatch(name) else place


def message_of(error: dict[str, Any]) -> str:
    """Say what is wrong with a value; what a parser says after the comma quotes the value."""
    if error["type"] == "extra_forbidden":
        return "Unknown field."
    message: str = error["msg"].removeprefix("Value error, ")
    return message.partition(",")[0] if error["type"].endswith("_parsing") else message
