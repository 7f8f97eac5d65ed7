"""Items over HTTP: what each operation does."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.fixtures.items import MakeItem

URL = "/api/v1/items"


async def create(client: httpx2.AsyncClient, **values: Any) -> dict[str, Any]:
    response = await client.post(URL, json={"name": "Lamp", "price": "24.90"} | values)
    assert response.status_code == 201, response.text
    item: dict[str, Any] = response.json()
    return item


async def test_a_created_item_can_be_read_where_location_says(client: httpx2.AsyncClient) -> None:
    created = await client.post(URL, json={"name": "  Lamp ", "price": 24.9})
    assert created.status_code == 201
    assert created.json()["name"] == "Lamp"
    assert created.json()["price"] == "24.90"
    read = await client.get(created.headers["Location"])
    assert read.status_code == 200
    assert read.json() == created.json()


async def test_fields_that_are_left_out_get_their_defaults(client: httpx2.AsyncClient) -> None:
    response = await client.post(URL, json={"name": "Lamp"})
    assert response.status_code == 201
    assert (response.json()["description"], response.json()["price"]) == (None, "0.00")


async def test_replacing_sets_every_field_and_can_be_repeated(client: httpx2.AsyncClient) -> None:
    item = await create(client, description="Old")
    first = await client.put(f"{URL}/{item['id']}", json={"name": "Desk lamp"})
    second = await client.put(f"{URL}/{item['id']}", json={"name": "Desk lamp"})
    assert first.status_code == 200
    assert first.json() | {"updated_at": ""} == item | {
        "name": "Desk lamp",
        "description": None,
        "price": "0.00",
        "updated_at": "",
    }
    assert second.json() == first.json()


async def test_updating_changes_only_what_is_sent(client: httpx2.AsyncClient) -> None:
    item = await create(client, description="Bright")
    response = await client.patch(f"{URL}/{item['id']}", json={"price": "1.5"})
    assert response.status_code == 200
    changed = {"price": "1.50", "updated_at": response.json()["updated_at"]}
    assert response.json() == item | changed
    assert changed["updated_at"] > item["updated_at"]


async def test_updating_nothing_changes_nothing(client: httpx2.AsyncClient) -> None:
    item = await create(client)
    response = await client.patch(f"{URL}/{item['id']}", json={})
    assert response.status_code == 200
    assert response.json() == item


async def test_null_clears_an_optional_field_only(client: httpx2.AsyncClient) -> None:
    item = await create(client, description="Bright")
    cleared = await client.patch(f"{URL}/{item['id']}", json={"description": None})
    refused = await client.patch(f"{URL}/{item['id']}", json={"name": None})
    assert cleared.json()["description"] is None
    assert refused.status_code == 422
    assert list(refused.json()["field_errors"]) == ["name"]


async def test_a_deleted_item_is_gone(client: httpx2.AsyncClient) -> None:
    item = await create(client)
    deleted = await client.delete(f"{URL}/{item['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await client.get(f"{URL}/{item['id']}")).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_an_unknown_item_is_not_found(client: httpx2.AsyncClient, method: str) -> None:
    body = {"name": "Lamp"} if method in ("PUT", "PATCH") else None
    response = await client.request(method, f"{URL}/{uuid4()}", json=body)
    assert response.status_code == 404
    assert response.json()["error_code"] == "not_found"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_an_id_that_is_none_is_refused(client: httpx2.AsyncClient, method: str) -> None:
    body = {"name": "Lamp"} if method in ("PUT", "PATCH") else None
    response = await client.request(method, f"{URL}/1%20OR%201=1", json=body)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["item_id"]


@pytest.mark.parametrize("name", ["Lamp", "LAMP", " lamp "])
async def test_a_name_is_taken_in_any_case(client: httpx2.AsyncClient, name: str) -> None:
    await create(client)
    response = await client.post(URL, json={"name": name})
    assert response.status_code == 409
    assert response.json()["error_code"] == "conflict"
    assert list(response.json()["field_errors"]) == ["name"]


async def test_a_taken_name_is_refused_on_every_change(
    client: httpx2.AsyncClient, make_item: MakeItem
) -> None:
    await make_item(name="École")
    item = await create(client)
    for method in ("PUT", "PATCH"):
        response = await client.request(method, f"{URL}/{item['id']}", json={"name": "ÉCOLE"})
        assert response.status_code == 409
    assert (await client.get(f"{URL}/{item['id']}")).json() == item


async def test_an_accent_makes_another_name(client: httpx2.AsyncClient) -> None:
    await create(client, name="Ecole")
    await create(client, name="École")


async def test_an_item_keeps_its_own_name(client: httpx2.AsyncClient) -> None:
    item = await create(client)
    response = await client.put(f"{URL}/{item['id']}", json={"name": "LAMP"})
    assert response.status_code == 200
    assert response.json()["name"] == "LAMP"
