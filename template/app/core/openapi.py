"""What endpoints say about themselves in the OpenAPI document."""

from typing import Any

from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import APIRoute

from app.core.problems import MEDIA_TYPE, title_of
from app.schemas.problem import Problem

EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"error_code": "bad_request", "detail": "The body is not valid JSON."},
    404: {"error_code": "not_found", "detail": "There is nothing with this id."},
    409: {
        "error_code": "conflict",
        "detail": "This value is already taken.",
        "field_errors": {"name": ["This value is already taken."]},
    },
    412: {
        "error_code": "precondition_failed",
        "detail": "This has changed meanwhile; read it again.",
    },
    413: {
        "error_code": "content_too_large",
        "detail": "The body must not be larger than 1048576 bytes.",
    },
    422: {
        "error_code": "validation_error",
        "detail": "Some fields are not valid; `field_errors` names them.",
        "field_errors": {"name": ["Field required"]},
    },
    428: {
        "error_code": "precondition_required",
        "detail": "Send the ETag of what you have read as If-Match.",
    },
    500: {"error_code": "internal_error", "detail": "Something went wrong on our side."},
    503: {"error_code": "service_unavailable", "detail": "Please try again in a moment."},
}

ETAG: dict[str, Any] = {
    "ETag": {
        "description": "The version, for `If-Match` (RFC 9110).",
        "schema": {"type": "string"},
    }
}
HEADERS: dict[int, dict[str, Any]] = {
    201: {
        "Location": {"description": "The path of what was made.", "schema": {"type": "string"}},
        **ETAG,
        "Idempotency-Replayed": {
            "description": "`true` if this is the answer to an earlier request.",
            "schema": {"type": "string", "enum": ["true"]},
        },
    },
    503: {
        "Retry-After": {
            "description": "Seconds to wait before the next try.",
            "schema": {"type": "integer"},
        }
    },
}
CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": HEADERS[201]}}
"""Describes the answer to a `POST` that says where the new thing is, for `responses=`."""
TAGGED: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG}}
"""Describes an answer that names the version of what it shows, for `responses=`."""


def operation_id(route: APIRoute) -> str:
    """Name an operation like its function: a generated client has `list_orders()`."""
    return route.name


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors that an operation answers with, for `responses=`."""
    return {status: problem_description(status) for status in statuses}


def problem_description(
    status: int,
    example: dict[str, Any] | None = None,
    headers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Describe one error.

    Args:
        status: Its status code.
        example: What is special about its body; by default, of `EXAMPLES`.
        headers: Its headers, described; by default, of `HEADERS`.
    """
    title = title_of(status)
    example = {"title": title, "status": status, **(example or EXAMPLES[status])}
    description: dict[str, Any] = {
        "description": title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": REF_TEMPLATE.format(model="Problem")},
                "example": Problem.example | example,
            }
        },
    }
    if headers := headers or HEADERS.get(status):
        description["headers"] = headers
    return description
