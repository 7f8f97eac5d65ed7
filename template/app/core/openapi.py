"""Completes the OpenAPI document that FastAPI derives from the code."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import APIRoute

from app.core.problems import MEDIA_TYPE, title_of
from app.core.settings.pagination import PaginationSettings
from app.schemas.problem import Problem

EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"error_code": "bad_request", "detail": "The body is not valid JSON."},
    404: {"error_code": "not_found", "detail": "There is no such item."},
    409: {
        "error_code": "conflict",
        "detail": "This value is already taken.",
        "field_errors": {"name": ["This value is already taken."]},
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
    500: {"error_code": "internal_error", "detail": "Something went wrong on our side."},
    503: {"error_code": "service_unavailable", "detail": "Please try again in a moment."},
}


def operation_id(route: APIRoute) -> str:
    """Name an operation like its function: a generated client has `create_item()`."""
    return route.name


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors that an operation answers with, for `responses=`."""
    return {status: problem_description(status) for status in statuses}


def problem_description(status: int) -> dict[str, Any]:
    """Describe one error, with an example."""
    title = title_of(status)
    example = {**Problem.example, "title": title, "status": status, **EXAMPLES[status]}
    return {
        "description": title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": REF_TEMPLATE.format(model="Problem")},
                "example": example,
            }
        },
    }


def register_openapi(app: FastAPI, pagination: PaginationSettings) -> None:
    """Add to the document what only this application knows: its errors, the size of its pages."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        for parameter in query_parameters(document):
            if parameter["name"] == "limit":
                parameter["schema"] |= {
                    "maximum": pagination.max_limit,
                    "default": pagination.default_limit,
                }
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def query_parameters(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Collect the query parameters of all operations."""
    return [
        parameter
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]
