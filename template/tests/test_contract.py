"""Promises of the OpenAPI document, whatever operations it has."""

import json
import re
from typing import Any

from openapi_spec_validator import validate

from tests.fixtures.app import Operations

PROBLEM = "application/problem+json"


async def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


async def test_every_operation_has_a_name_of_its_own_and_a_description(
    operations: Operations, document: dict[str, Any]
) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for name, operation in operations.items():
        assert (name, bool(operation["summary"])) == (name, True)
        assert (name, bool(operation["description"])) == (name, True)
        assert (name, set(operation["tags"]) <= tags) == (name, True)


async def test_every_operation_documents_its_errors(operations: Operations) -> None:
    for name, operation in operations.items():
        if not name.split()[1].startswith("/api/"):
            continue
        expected = {"400", "500", "503"}
        security = operation.get("security", [])
        if security:
            expected |= {"401"}
        if any(scopes for one in security for scopes in one.values()):
            expected |= {"403"}
        if "requestBody" in operation:
            expected |= {"413", "415", "422"}
        if "{" in name and not operation["operationId"].startswith("list_"):
            expected |= {"404"}
        assert (name, expected - operation["responses"].keys()) == (name, set())


async def test_every_error_is_a_problem_with_an_example(
    operations: Operations, document: dict[str, Any]
) -> None:
    shared = document["components"]["responses"]
    for operation in operations.values():
        for status, response in operation["responses"].items():
            if int(status) < 400:
                continue
            error = shared[response["$ref"].removeprefix("#/components/responses/")]
            content = error["content"][PROBLEM]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["example"]["status"] == int(status)
            waits = "Retry-After" in error.get("headers", {})
            assert (status, waits) == (status, status in {"429", "503"})


async def test_headers_that_clients_need_are_documented(operations: Operations) -> None:
    for name, operation in operations.items():
        for status, response in operation["responses"].items():
            headers = response.get("headers", {})
            assert (name, "Location" in headers) == (name, status == "201")


async def test_every_field_and_parameter_is_described(
    operations: Operations, document: dict[str, Any]
) -> None:
    for operation in operations.values():
        for parameter in operation.get("parameters", []):
            described = "description" in parameter or parameter["in"] == "path"
            assert (parameter["name"], described) == (parameter["name"], True)
            assert {"type": "null"} not in parameter["schema"].get("anyOf", [])
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith(("Create", "Replace", "Read")):
            continue
        for field, values in schema["properties"].items():
            described = "description" in values or "$ref" in values
            assert (name, field, described) == (name, field, True)


async def test_every_schema_is_used(document: dict[str, Any]) -> None:
    used = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))
    assert document["components"]["schemas"].keys() <= set(used)
