"""The OpenAPI document: what clients are generated from."""

from typing import Any

import httpx2
import pytest
from openapi_spec_validator import validate

from app.core.errors import MEDIA_TYPE
from tests.fixtures.custom import MakeApp

READING = ("get_", "list_")
BODIES = ("Create", "Replace", "Update", "Read")


@pytest.fixture
async def document(client: httpx2.AsyncClient) -> dict[str, Any]:
    """Give the document."""
    document: dict[str, Any] = (await client.get("/openapi.json")).json()
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation for path in document["paths"].values() for operation in path.values()
    ]


async def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


async def test_every_operation_is_named_like_its_function(
    document: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert {"list_samples", "create_sample", "get_sample", "get_readiness"} <= set(ids)


@pytest.mark.asvs("3.5.3")
async def test_only_reading_is_done_by_get(document: dict[str, Any]) -> None:
    names = [
        path["get"]["operationId"]
        for path in document["paths"].values()
        if "get" in path
    ]
    assert len(names) > 3
    assert [name for name in names if not name.startswith(READING)] == []


async def test_every_operation_is_explained(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]


async def test_every_error_is_a_problem_with_an_example(
    document: dict[str, Any],
) -> None:
    for operation in operations(document):
        errors = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
        for status, response in errors.items():
            content = response["content"][MEDIA_TYPE]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["example"]["status"] == int(status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.asvs("2.1.1")
async def test_every_field_of_a_resource_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    resources = {
        name.removesuffix("Replace") for name in schemas if name.endswith("Replace")
    }
    assert "Sample" in resources
    for name in (f"{resource}{kind}" for resource in resources for kind in BODIES):
        for field in schemas[name]["properties"].values():
            shown = {**field, **field.get("anyOf", [{}])[0]}
            assert shown.get("description") or shown.get("$ref")


@pytest.mark.asvs("2.1.1")
async def test_a_list_describes_its_filters_and_the_size_of_its_pages(
    document: dict[str, Any],
) -> None:
    parameters = {
        p["name"]: p for p in document["paths"]["/samples"]["get"]["parameters"]
    }
    assert {"skip", "limit", "total", "sort", "name__contains", "amount__gte"} <= set(
        parameters
    )
    assert all(parameter["description"] for parameter in parameters.values())
    limit = parameters["limit"]["schema"]
    assert (limit["default"], limit["minimum"], limit["maximum"]) == (20, 1, 100)


async def test_no_parameter_can_be_null_or_has_a_made_up_title(
    document: dict[str, Any],
) -> None:
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert "title" not in parameter["schema"]
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ())


async def test_an_operation_is_summed_up_by_its_docstring(
    document: dict[str, Any],
) -> None:
    summaries = {one["operationId"]: one["summary"] for one in operations(document)}
    assert summaries["create_sample"] == "Create a sample"
    assert summaries["get_liveness"] == "Say that the process runs"


def test_a_summary_of_its_own_stays(make_app: MakeApp) -> None:
    app = make_app()
    app.add_api_route("/thing", lambda: None, name="get_thing", summary="The thing")
    assert app.openapi()["paths"]["/thing"]["get"]["summary"] == "The thing"


async def test_every_group_of_operations_is_explained(document: dict[str, Any]) -> None:
    report_errors = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert report_errors == {tag for one in operations(document) for tag in one["tags"]}


async def test_headers_that_clients_need_are_described(
    document: dict[str, Any],
) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            assert ("Location" in response.get("headers", {})) == (status == "201")
            assert ("Retry-After" in response.get("headers", {})) == (
                status in ("429", "503")
            )
