"""Completes the OpenAPI document that FastAPI derives from the code."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE

from app.core.settings.concurrency import ConcurrencySettings
from app.core.settings.pagination import PaginationSettings
from app.schemas.problem import Problem

Json = dict[str, Any]


def register_openapi(
    app: FastAPI, pagination: PaginationSettings, concurrency: ConcurrencySettings
) -> None:
    """Add to the document what only this application knows: its errors, what its settings say."""
    generate = app.openapi
    page_size = {"maximum": pagination.max_limit, "default": pagination.default_limit}

    def openapi() -> Json:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        for operation in operations(document):
            operation["summary"] = summary_of(operation)
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"] = parameter_schema(parameter["schema"])
                if (parameter["in"], parameter["name"]) == ("query", "limit"):
                    schema |= page_size
                if parameter["name"] == "If-Match" and concurrency.require_if_match:
                    parameter["required"] = True
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def operations(document: Json) -> Iterator[Json]:
    """Give all operations of a document."""
    for path in document["paths"].values():
        yield from path.values()


def summary_of(operation: Json) -> str:
    """Give how the docstring begins, in place of a summary that only repeats the name."""
    summary: str = operation["summary"]
    if summary.lower().replace(" ", "_") == operation["operationId"]:
        return re.split(r"[.:;]", operation.get("description", summary))[0]
    return summary


def parameter_schema(schema: Json) -> Json:
    """Drop a title that only repeats the name, and `null`, which no parameter can be."""
    schema = {key: value for key, value in schema.items() if key != "title"}
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) > 1:
        schema["anyOf"] = choices
        return schema
    return (choices[0] if choices else {}) | schema
