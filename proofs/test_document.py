"""The OpenAPI document, as what reads it to make clients and pages needs it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from app.core.fields.json_object import JsonObject
from app.core.openapi import MEDIA_TYPE, lift_description, share_errors

REF = "#/components/responses/"


def document_of(*errors: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose operations answer 409 with these examples."""
    content = [{MEDIA_TYPE: {"example": one}} for one in errors]
    paths = {
        f"/{number}": {"get": {"responses": {"409": {"content": one}}}}
        for number, one in enumerate(content)
    }
    return {"components": {}, "paths": paths}


def answers(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from (one["responses"] for one in methods.values())


@pytest.fixture
async def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of the application, with the samples."""
    return app.openapi()


async def test_errors_are_written_once(document: dict[str, Any]) -> None:
    shared, used = document["components"]["responses"], set()
    for responses in answers(document):
        for status, one in responses.items():
            if int(status) >= 400:
                used.add(one["$ref"].removeprefix(REF))
    assert used == shared.keys()
    assert all(one["description"] for one in shared.values())
    assert all(name.isalnum() for name in shared)


def test_another_error_with_the_same_code_stays_where_it_is() -> None:
    taken = {"error_code": "name_taken", "detail": "Taken."}
    document = document_of(taken, taken, {**taken, "detail": "Gone."}, {})
    share_errors(document)
    share_errors(document)
    first, second, third, other = (one["409"] for one in answers(document))
    assert first == second == {"$ref": f"{REF}NameTaken"}
    assert third["content"][MEDIA_TYPE]["example"]["detail"] == "Gone."
    assert "$ref" not in other


def test_what_may_be_null_is_described_where_tools_look() -> None:
    field: dict[str, Any] = {
        "anyOf": [{"type": "string", "description": "Who."}, {"type": "null"}]
    }
    lift_description(field)
    assert field["description"] == "Who."
    assert field["anyOf"] == [{"type": "string"}, {"type": "null"}]


async def test_every_operation_says_whom_it_serves(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert "security" in operation, path
    assert document["paths"]["/health/live"]["get"]["security"] == []


async def test_the_document_says_where_the_api_is(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "/"}]
    assert document["info"]["license"]["identifier"]


def test_makers_of_clients_see_that_objects_hold_anything() -> None:
    schema = TypeAdapter(JsonObject).json_schema()
    assert schema["additionalProperties"] is True
    assert list(schema["patternProperties"]) == [schema["propertyNames"]["pattern"]]
