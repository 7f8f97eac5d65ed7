"""Items over HTTP: what is refused, and what comes back exactly as it was sent."""

from typing import Any

import httpx2
import pytest

URL = "/api/v1/items"


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
        ({"name": "Lamp", "description": "\x00"}, "description"),
        ({"name": "Lamp", "description": "x" * 100_000}, "description"),
        ({"name": "Lamp", "price": -0.01}, "price"),
        ({"name": "Lamp", "price": "1.999"}, "price"),
        ({"name": "Lamp", "price": 1.999}, "price"),
        ({"name": "Lamp", "price": True}, "price"),
        ({"name": "Lamp", "price": "1\n"}, "price"),
        ({"name": "Lamp", "price": "123456789.00"}, "price"),
        ({"name": "Lamp", "price": "1e1000000"}, "price"),
        ({"name": "Lamp", "price": "Infinity"}, "price"),
        ({"name": "Lamp", "price": "NaN"}, "price"),
        ({"name": "Lamp", "id": "0190"}, "id"),
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
    ["\u202egnal", "a\r\nb", "Zoë 🎉 漢字", "<b>bold</b>", "x" * 10_000, "100 % _ \\ '"],
)
async def test_other_text_comes_back_exactly(client: httpx2.AsyncClient, text: str) -> None:
    created = await client.post(URL, json={"name": text[:120], "description": text})
    assert created.status_code == 201
    read = await client.get(created.headers["Location"])
    assert (read.json()["name"], read.json()["description"]) == (text[:120], text)
    assert read.headers["content-type"] == "application/json"


@pytest.mark.parametrize("price", ["0", "0.00", -0.0, "99999999.99", 1, 0.1, 1.1500000000000001])
async def test_a_price_within_bounds_comes_back_exactly(
    client: httpx2.AsyncClient, price: str | float
) -> None:
    created = await client.post(URL, json={"name": "Lamp", "price": price})
    assert created.status_code == 201
    read = await client.get(created.headers["Location"])
    assert read.json()["price"] == f"{abs(float(price)):.2f}" == created.json()["price"]


async def test_a_lone_surrogate_is_refused(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (rb'{"name": "\ud800"}', rb'{"name": "Lamp", "\ud800": 1}'):
        response = await client.post(URL, content=body, headers=headers)
        assert response.status_code == 422
