"""What every operation refuses; numbers name the rows of docs/security.md."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from app.core.settings import HttpSettings
from tests.fixtures.app import Connect, Operations

JSON = {"Content-Type": "application/json"}
CANARY = "canary-5f3a"


@pytest.fixture
def json_bodies(document: dict[str, Any], operations: Operations) -> dict[str, Any]:
    """Return the schema of each operation's JSON body."""
    schemas, bodies = document["components"]["schemas"], {}
    for name, operation in operations.items():
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            reference = content["application/json"]["schema"]["$ref"]
            bodies[name] = schemas[reference.rpartition("/")[2]]
    assert bodies
    return bodies


@pytest.fixture
def a_creation(json_bodies: dict[str, Any]) -> str:
    """Return the path of an operation that takes a JSON body."""
    paths = [name.split()[1] for name in json_bodies if name.startswith("POST")]
    return next(path for path in paths if "{" not in path)


@pytest.fixture
def lists(operations: Operations) -> list[str]:
    """Return the paths of the lists, but for those below a row, which must exist."""
    found = []
    for name, operation in operations.items():
        parameters = {one["name"] for one in operation.get("parameters", [])}
        if name.startswith("GET") and "limit" in parameters and "{" not in name:
            found.append(name.split()[1])
    assert found
    return found


async def test_36_unknown_fields_are_refused_everywhere(
    full_client: httpx2.AsyncClient, json_bodies: dict[str, Any]
) -> None:
    for name, schema in json_bodies.items():
        assert (name, schema["additionalProperties"]) == (name, False)
        method, path = re.sub(r"{\w+}", str(uuid4()), name).split()
        response = await full_client.request(method, path, json={"owner_id": CANARY})
        assert (name, response.status_code) == (name, 422)
        assert response.json()["field_errors"]["owner_id"] == ["Unknown field."]


async def test_40_hostile_text_is_refused_in_every_field(
    full_client: httpx2.AsyncClient, json_bodies: dict[str, Any]
) -> None:
    for name, schema in json_bodies.items():
        method, path = re.sub(r"{\w+}", str(uuid4()), name).split()
        for text in ("nul\x00", "\ud800"):
            body = json.dumps(dict.fromkeys(schema["properties"], text))
            response = await full_client.request(
                method, path, content=body, headers=JSON
            )
            assert (name, response.status_code) == (name, 422)
            fields = response.json()["field_errors"]
            # The policy of passwords has a test of its own.
            texts = {one for one in schema["properties"] if "password" not in one}
            assert (name, texts - set(fields)) == (name, set())


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"a": canary-5f3a}', b'{"a": "\xff"}', b"[" * 100_000],
    ids=["open", "word", "latin", "deep"],
)
async def test_41_broken_json_is_a_bad_request(
    full_client: httpx2.AsyncClient, a_creation: str, body: bytes
) -> None:
    response = await full_client.post(a_creation, content=body, headers=JSON)
    assert (response.status_code, response.json()["error_code"]) == (400, "bad_request")
    assert CANARY not in response.text


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"NaN", b'{"canary-5f3a": NaN}', b"[" * 500 + b"]" * 500],
    ids=["empty", "null", "list", "nan", "nan-field", "nested"],
)
async def test_41_a_body_of_another_shape_is_refused_and_not_repeated(
    full_client: httpx2.AsyncClient, a_creation: str, body: bytes
) -> None:
    response = await full_client.post(a_creation, content=body, headers=JSON)
    assert response.status_code == 422
    assert response.json()["error_code"] == "validation_error"
    assert "input" not in response.text
    assert CANARY not in response.text.replace(f'"{CANARY}":', "")


async def test_42_pages_are_bounded(
    full_client: httpx2.AsyncClient, lists: list[str]
) -> None:
    for path in lists:
        for query in (
            {"skip": -1},
            {"limit": -1},
            {"limit": 0},
            {"limit": 101},
            {"skip": 2**63},
            {"limit": 10**30},
            {"limit": "1e1"},
        ):
            response = await full_client.get(path, params=query)
            assert (path, query, response.status_code) == (path, query, 422)
            assert list(response.json()["field_errors"]) == list(query)
        assert (await full_client.get(path)).json()["limit"] == 20


async def test_43_sorting_and_filtering_take_known_fields_only(
    full_client: httpx2.AsyncClient, lists: list[str]
) -> None:
    for path in lists:
        for name, value in (
            ("sort", "hashed_password"),
            ("sort", "__class__"),
            ("sort", "id; DROP TABLE users"),
            ("hashed_password__contains", "a"),
            ("1=1", "1"),
        ):
            response = await full_client.get(path, params={name: value})
            assert (path, name, response.status_code) == (path, name, 422)


@pytest.mark.parametrize("announced", [True, False])
async def test_44_a_large_body_is_refused_before_all_is_read(
    client: httpx2.AsyncClient, connect_with: Connect, a_creation: str, announced: bool
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100
            yield b"x" * 100

    length = {"Content-Length": "10000"} if announced else {}
    headers = {**client.headers, **JSON, **length}
    async with connect_with(http=HttpSettings(max_body_bytes=1000)) as small:
        response = await small.post(a_creation, content=body(), headers=headers)
    assert response.status_code == 413
    assert response.json()["error_code"] == "content_too_large"
    assert sent <= (0 if announced else 1200)
