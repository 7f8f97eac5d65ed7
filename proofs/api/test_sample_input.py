"""Input of every resource, proven on samples: what is refused, and what comes back exactly as it was sent."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

URL = "/samples"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 1}, "name"),
        ({"name": None}, "name"),
        ({"name": ["Lamp"]}, "name"),
        ({"name": "Lamp", "note": "\x00"}, "note"),
        ({"name": "Lamp", "note": "x" * 100_000}, "note"),
        ({"name": "Lamp", "amount": -0.01}, "amount"),
        ({"name": "Lamp", "amount": "1.999"}, "amount"),
        ({"name": "Lamp", "amount": 1.999}, "amount"),
        ({"name": "Lamp", "amount": True}, "amount"),
        ({"name": "Lamp", "amount": "1\n"}, "amount"),
        ({"name": "Lamp", "amount": "123456789.00"}, "amount"),
        ({"name": "Lamp", "amount": "1e1000000"}, "amount"),
        ({"name": "Lamp", "amount": "Infinity"}, "amount"),
        ({"name": "Lamp", "amount": "NaN"}, "amount"),
        ({"name": "Lamp", "rank": 2**31}, "rank"),
        ({"name": "Lamp", "rank": -(2**31) - 1}, "rank"),
        ({"name": "Lamp", "rank": 10**400}, "rank"),
        ({"name": "Lamp", "rank": 1e300}, "rank"),
        ({"name": "Lamp", "rank": 1.5}, "rank"),
        ({"name": "Lamp", "rank": "1"}, "rank"),
        ({"name": "Lamp", "rank": True}, "rank"),
        ({"name": "Lamp", "is_hot": 1}, "is_hot"),
        ({"name": "Lamp", "is_hot": "yes"}, "is_hot"),
        ({"name": "Lamp", "is_hot": None}, "is_hot"),
        ({"name": "Lamp", "id": "0190"}, "id"),
        ({"name": "Lamp", "row_version": 7}, "row_version"),
        ({"name": "Lamp", "name_key": "lamp"}, "name_key"),
        ({"name": "Lamp", "created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
)
async def test_what_breaks_the_schema_is_refused_by_field(
    client: httpx2.AsyncClient, body: dict[str, Any], field: str
) -> None:
    response = await client.post(URL, json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]
    assert (await client.get(URL)).json()["total"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "\u202egnal",
        "a\r\nb",
        "Zoë 🎉 漢字",
        "<b>bold</b>",
        "x" * 10_000,
        "100 % _ \\ '",
    ],
)
async def test_other_text_comes_back_exactly(
    client: httpx2.AsyncClient, text: str
) -> None:
    created = await client.post(URL, json={"name": text[:120], "note": text})
    assert created.status_code == 201
    read = await client.get(created.headers["Location"])
    assert (read.json()["name"], read.json()["note"]) == (text[:120], text)
    assert read.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "amount", ["0", "0.00", -0.0, "99999999.99", 1, 0.1, 1.1500000000000001]
)
async def test_an_amount_within_bounds_comes_back_exactly(
    client: httpx2.AsyncClient, amount: str | float
) -> None:
    created = await client.post(URL, json={"name": "Lamp", "amount": amount})
    assert created.status_code == 201
    read = await client.get(created.headers["Location"])
    assert (
        read.json()["amount"] == f"{abs(float(amount)):.2f}" == created.json()["amount"]
    )


async def test_a_lone_surrogate_is_refused(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (rb'{"name": "\ud800"}', rb'{"name": "Lamp", "\ud800": 1}'):
        response = await client.post(URL, content=body, headers=headers)
        assert response.status_code == 422


@pytest.mark.parametrize("rank", [-(2**31), 2**31 - 1, 0, 3.0, -0.0, None])
async def test_a_number_within_bounds_comes_back_exactly(
    client: httpx2.AsyncClient, rank: float | None
) -> None:
    created = await client.post(URL, json={"name": "Lamp", "rank": rank})
    assert created.status_code == 201
    assert (await client.get(created.headers["Location"])).json()["rank"] == rank


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_an_id_that_is_none_is_refused(
    client: httpx2.AsyncClient, method: str
) -> None:
    body = {"name": "Lamp"} if method in ("PUT", "PATCH") else None
    response = await client.request(method, f"{URL}/1%20OR%201=1", json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["sample_id"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_an_unknown_id_is_not_found(
    client: httpx2.AsyncClient, method: str
) -> None:
    body = {"name": "Lamp"} if method in ("PUT", "PATCH") else None
    for sample_id in (uuid4(), UUID(int=0), UUID(int=2**128 - 1)):
        response = await client.request(method, f"{URL}/{sample_id}", json=body)
        assert response.status_code == 404
        assert response.json()["error_code"] == "not_found"


async def test_null_clears_an_optional_field_only(client: httpx2.AsyncClient) -> None:
    created = await client.post(URL, json={"name": "Lamp", "note": "Bright", "rank": 1})
    url = created.headers["Location"]
    cleared = await client.patch(url, json={"note": None, "rank": None})
    assert (cleared.json()["note"], cleared.json()["rank"]) == (None, None)
    for field in ("name", "amount", "is_hot"):
        refused = await client.patch(url, json={field: None})
        assert refused.status_code == 422
        assert list(refused.json()["field_errors"]) == [field]
