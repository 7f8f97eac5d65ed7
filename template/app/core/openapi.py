"""Completes the OpenAPI document that FastAPI derives from the code."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import APIRoute

from app.core.errors import MEDIA_TYPE, Problem, title_of
from app.core.http.request import PROBES
from app.core.settings import DEFAULT_PAGE_SIZE, ApiSettings

Json = dict[str, Any]

EXAMPLES: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The body is not valid JSON."),
    401: ("unauthorized", "Log in first."),
    403: ("forbidden", "This needs the scope data:write."),
    404: ("not_found", "There is nothing with this id."),
    409: ("conflict", "This value is already taken."),
    412: ("precondition_failed", "This has changed meanwhile; read it again."),
    413: ("content_too_large", "The body must not be larger than 131072 bytes."),
    415: ("unsupported_media_type", "A body of several parts is not taken here."),
    422: ("validation_error", "Some fields are not valid; `field_errors` names them."),
    428: ("precondition_required", "Send the ETag of what you have read as If-Match."),
    500: ("internal_error", "Something went wrong on our side."),
    503: ("service_unavailable", "Please try again in a moment."),
}
HEADER_ERRORS = {"If-Match": (409, 412, 428), "Idempotency-Key": (409,)}
FIELD_ERRORS = {409: "This value is already taken.", 422: "Field required"}


def described(description: str, **schema: Any) -> Json:
    """Describe a header."""
    return {"description": description, "schema": {"type": "string", **schema}}


HEADERS: dict[int, Json] = {
    201: {"Location": described("The path of what was made.")},
    401: {"WWW-Authenticate": described("How to log in (RFC 9110).")},
    429: {"Retry-After": described("Seconds to wait.", type="integer")},
    503: {"Retry-After": described("Seconds to wait.", type="integer")},
}
CREATED_RESPONSE: dict[int | str, Json] = {201: {"headers": HEADERS[201]}}
"""The response to a `POST` that says where the new thing is, for `responses=`."""


def operation_id(route: APIRoute) -> str:
    """Name an operation like its function: a generated client has `list_orders()`."""
    return route.name


def problem_responses(*statuses: int) -> dict[int | str, Json]:
    """Describe the errors that an operation answers with, for `responses=`."""
    return {status: problem_description(status) for status in statuses}


def problem_description(
    status: int, example: Json | None = None, headers: Json | None = None
) -> Json:
    """Describe an error, by its status; headers are added to those that it has."""
    title = title_of(status)
    if example is None:
        code, detail = EXAMPLES[status]
        example = {"error_code": code, "detail": detail}
        if status in FIELD_ERRORS:
            example["field_errors"] = {"name": [FIELD_ERRORS[status]]}
    example = {**Problem.example, "title": title, "status": status, **example}
    schema = {"$ref": REF_TEMPLATE.format(model="Problem")}
    return {
        "description": title,
        "headers": HEADERS.get(status, {}) | (headers or {}),
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


def extend_openapi(app: FastAPI, change: Callable[[Json], None]) -> None:
    """Change the document after FastAPI has made it, and after earlier changes."""
    generate = app.openapi

    def openapi() -> Json:
        # FastAPI keeps the document, and so what was changed in it.
        if app.openapi_schema is None:
            change(document := generate())
            share_errors(document)
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
        for schema in schemas.values():
            for field in schema.get("properties", {}).values():
                lift_description(field)
        for path, _, operation in operations(document):
            operation["summary"] = summary_of(operation)
            operation.setdefault("security", [])
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"] = parameter_schema(parameter["schema"])
                if (parameter["in"], parameter["name"]) == ("query", "limit"):
                    schema |= page_size
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


def share_errors(document: Json) -> None:
    """Move the errors to the components: most operations have the same ones."""
    shared = document["components"].setdefault("responses", {})
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            problem = response.get("content", {}).get(MEDIA_TYPE, {})
            if code := problem.get("example", {}).get("error_code"):
                name = code.title().replace("_", "")
                # Another error with the same code stays where it is.
                if shared.setdefault(name, response) == response:
                    ref = {"$ref": f"#/components/responses/{name}"}
                    operation["responses"][status] = ref


def lift_description(field: Json) -> None:
    """Say of a field that may be null what is said of its other type."""
    for choice in field.get("anyOf", ()):
        for key in choice.keys() & {"description", "examples", "writeOnly"}:
            field.setdefault(key, choice.pop(key))


def errors_of(operation: Json) -> Iterator[int]:
    """Return the errors that follow from what an operation takes."""
    yield from (400, 422, 500, 503)
    if "requestBody" in operation:
        yield from (413, 415)
    for parameter in operation.get("parameters", ()):
        yield from HEADER_ERRORS.get(parameter["name"], ())
        if parameter["in"] == "path":
            yield 404
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
    """Drop what its parameter says itself, and `null`, which no parameter can be."""
    said = ("title", "description")
    schema = {key: value for key, value in schema.items() if key not in said}
    choices = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    if len(choices) > 1:
        return {**schema, "anyOf": choices}
    return {**choices[0], **schema} if choices else schema
