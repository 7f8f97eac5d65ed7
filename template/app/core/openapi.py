"""Completes the OpenAPI document that FastAPI derives from the code."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import APIRoute

from app.core.errors import MEDIA_TYPE, Problem, title_of
from app.core.http.scope import PROBES
from app.core.settings import DEFAULT_PAGE_SIZE, ApiSettings

Json = dict[str, Any]

EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"error_code": "bad_request", "detail": "The body is not valid JSON."},
    401: {"error_code": "unauthorized", "detail": "Log in first."},
    403: {"error_code": "forbidden", "detail": "This needs the scope data:write."},
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
    500: {
        "error_code": "internal_error",
        "detail": "Something went wrong on our side.",
    },
    503: {
        "error_code": "service_unavailable",
        "detail": "Please try again in a moment.",
    },
}

ETAG: dict[str, Any] = {
    "ETag": {
        "description": "The version, for `If-Match` (RFC 9110).",
        "schema": {"type": "string"},
    }
}
HEADERS: dict[int, dict[str, Any]] = {
    201: {
        "Location": {
            "description": "The path of what was made.",
            "schema": {"type": "string"},
        },
        **ETAG,
        "Idempotency-Replayed": {
            "description": "`true` if this is the answer to an earlier request.",
            "schema": {"type": "string", "enum": ["true"]},
        },
    },
    401: {
        "WWW-Authenticate": {
            "description": "How to log in (RFC 9110).",
            "schema": {"type": "string"},
        }
    },
    503: {
        "Retry-After": {
            "description": "Seconds to wait before the next try.",
            "schema": {"type": "integer"},
        }
    },
}
CREATED_RESPONSE: dict[int | str, dict[str, Any]] = {201: {"headers": HEADERS[201]}}
"""The response to a `POST` that says where the new thing is, for `responses=`."""
ETAG_RESPONSE: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG}}
"""A response that names the version of what it shows, for `responses=`."""


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


def extend_openapi(app: FastAPI, change: Callable[[Json], None]) -> None:
    """Change the document after FastAPI has made it, and after earlier changes."""
    generate = app.openapi

    def openapi() -> Json:
        # FastAPI keeps the document, and so what was changed in it.
        if app.openapi_schema is None:
            change(generate())
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def register_openapi(app: FastAPI, api: ApiSettings) -> None:
    """Add what FastAPI does not know: errors by rule, and what the settings say."""
    page_size = {
        "maximum": api.max_page_size,
        "default": min(DEFAULT_PAGE_SIZE, api.max_page_size),
    }

    def complete(document: Json) -> None:
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path, _, operation in operations(document):
            operation["summary"] = summary_of(operation)
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"] = parameter_schema(parameter["schema"])
                if (parameter["in"], parameter["name"]) == ("query", "limit"):
                    schema |= page_size
                if parameter["name"] == "If-Match" and api.require_if_match:
                    parameter["required"] = True
            if not path.startswith(PROBES):
                add_errors(operation)

    extend_openapi(app, complete)


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Return all operations of a document, with their path and method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def add_errors(operation: Json) -> None:
    """Add the errors that follow from what an operation takes; its own stay."""
    responses: Json = operation["responses"]
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]  # FastAPI's own
    for status in errors_of(operation):
        responses.setdefault(str(status), problem_description(status))
    operation["responses"] = dict(sorted(responses.items()))


def errors_of(operation: Json) -> Iterator[int]:
    """Return the errors that follow from what an operation takes."""
    yield from (400, 422, 500, 503)
    if "requestBody" in operation:
        yield 413
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            yield 404
        if parameter["name"] == "If-Match":
            yield from (412, 428)
    if requirements := operation.get("security"):
        yield 401
        if any(scopes for one in requirements for scopes in one.values()):
            yield 403


def summary_of(operation: Json) -> str:
    """Return how the docstring begins, if the summary only repeats the name."""
    summary: str = operation["summary"]
    if summary.lower().replace(" ", "_") == operation["operationId"]:
        return re.split(r"[.:;]", operation.get("description", summary))[0]
    return summary


def parameter_schema(schema: Json) -> Json:
    """Drop a title that repeats the name, and `null`, which no parameter can be."""
    schema = {key: value for key, value in schema.items() if key != "title"}
    choices = [
        choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}
    ]
    if len(choices) > 1:
        schema["anyOf"] = choices
        return schema
    return (choices[0] if choices else {}) | schema
