"""Bodies that are broken, or made to break something."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

URL = "/samples"


async def post(
    client: httpx2.AsyncClient, body: bytes, media_type: str
) -> httpx2.Response:
    return await client.post(URL, content=body, headers={"Content-Type": media_type})


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name": canary}',
        b'{"name": "canary"} canary',
        b'{"name": "\xff canary"}',
        b"\x80\x81",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"name": "canary", "price": %s}' % (b"9" * 5000),
        b'{"name": "canary\n"}',
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_no_json_is_a_bad_request(
    client: httpx2.AsyncClient, body: bytes
) -> None:
    response = await post(client, body, "application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["error_code"] == "bad_request"
    assert "canary" not in response.text


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"]
)
async def test_json_is_in_utf_8(client: httpx2.AsyncClient, encoding: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for byte in '{"name": "canary"}'.encode(encoding):
            yield bytes([byte])

    headers = {"Content-Type": "Application/Merge-Patch+JSON; charset=utf-16"}
    response = await client.post(URL, content=parts(), headers=headers)
    assert response.status_code == 400
    assert "UTF-8" in response.json()["detail"]


@pytest.mark.parametrize(
    "query", ["%ff", "a=%ed%a0%80", "%c3=1", "limit=1&sort=%e2%82"]
)
async def test_a_query_is_in_utf_8(client: httpx2.AsyncClient, query: str) -> None:
    response = await client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json()["detail"] == "The query must be UTF-8."


async def test_a_query_may_have_any_character(client: httpx2.AsyncClient) -> None:
    response = await client.get(URL, params={"name__contains": "Größe 𝄞 %"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"canary"', "body"),
        (b"7", "body"),
        (b"NaN", "body"),
        (b'{"name": NaN}', "name"),
        (b'{"name": "canary", "price": NaN}', "price"),
        (b'{"name": "canary", "price": -Infinity}', "price"),
        (b'{"name": "canary", "price": 1e999}', "price"),
        (b'{"name": "canary \\ud800"}', "name"),
        (b'{"name": ["canary"]}', "name"),
        (b'{"name": {"name": "canary"}}', "name"),
        (b'{"name": "x", "password": "canary"}', "password"),
        (b'{"password": "canary"}', "name"),
        (b'{"name": "x", "\\ud800": "canary"}', "body"),
        (b"[" * 500 + b"]" * 500, "body"),
    ],
    ids=lambda value: repr(value[:40]),
)
async def test_what_breaks_the_schema_is_told_by_field_and_not_repeated(
    client: httpx2.AsyncClient, body: bytes, field: str
) -> None:
    response = await post(client, body, "application/json")
    assert response.status_code == 422
    assert response.json()["error_code"] == "validation_error"
    assert field in response.json()["field_errors"]
    assert "canary" not in response.text


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "a/b; c=d",
    ],
)
async def test_only_json_is_taken_for_json(
    client: httpx2.AsyncClient, media_type: str
) -> None:
    response = await post(client, b'{"name": "canary"}', media_type)
    assert response.status_code in (400, 415, 422)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "canary" not in response.text


async def test_the_number_and_the_length_of_complaints_are_bounded(
    client: httpx2.AsyncClient,
) -> None:
    fields = {f"{'x' * 50}{number:03}": "canary" for number in range(1000)}
    response = await client.post(URL, json=fields)
    assert response.status_code == 422
    assert len(response.json()["field_errors"]) <= 50
    assert len(response.content) < 10_000


@pytest.mark.parametrize("name", ["<script>", "x" * 65, "1a", "a b", "", "ä", "name\n"])
async def test_what_is_no_name_of_a_field_is_not_repeated(
    client: httpx2.AsyncClient, name: str
) -> None:
    body = await client.post(URL, json={"name": "Lamp", name: "canary"})
    query = await client.get(URL, params={name: "canary", f"{name}~": "canary"})
    assert body.json()["field_errors"] == {"body": ["Unknown field."]}
    assert query.json()["field_errors"] == {"query": ["Unknown field."]}


async def test_of_equal_keys_the_last_one_counts(client: httpx2.AsyncClient) -> None:
    body = b'{"name": "' + b'x", "name": "' * 1000 + b'Lamp"}'
    response = await post(client, body, "application/json")
    assert response.status_code == 201
    assert json.loads(response.content)["name"] == "Lamp"
