"""What each operation of every resource does, proven on samples."""

from typing import Any

import httpx2
import pytest

from proofs.fixtures.sample import MakeSample

URL = "/samples"


async def create(client: httpx2.AsyncClient, **values: Any) -> dict[str, Any]:
    response = await client.post(URL, json={"name": "Lamp", "amount": "24.90"} | values)
    assert response.status_code == 201, response.text
    sample: dict[str, Any] = response.json()
    return sample


async def test_what_was_created_can_be_read_where_location_says(
    client: httpx2.AsyncClient,
) -> None:
    created = await client.post(URL, json={"name": "  Lamp ", "amount": 24.9})
    assert created.status_code == 201
    assert (created.json()["name"], created.json()["amount"]) == ("Lamp", "24.90")
    read = await client.get(created.headers["Location"])
    assert read.status_code == 200
    assert read.json() == created.json()


async def test_replacing_sets_every_field_and_can_be_repeated(
    client: httpx2.AsyncClient,
) -> None:
    sample = await create(client, note="Old", rank=1, is_hot=True)
    first = await client.put(f"{URL}/{sample['id']}", json={"name": "Desk lamp"})
    second = await client.put(f"{URL}/{sample['id']}", json={"name": "Desk lamp"})
    assert first.status_code == 200
    defaults = {"note": None, "amount": "0.00", "rank": None, "is_hot": False}
    changed = {"name": "Desk lamp", "updated_at": first.json()["updated_at"]}
    assert first.json() == sample | defaults | changed
    assert second.json() == first.json()


async def test_updating_changes_only_what_is_sent(client: httpx2.AsyncClient) -> None:
    sample = await create(client, note="Bright")
    response = await client.patch(f"{URL}/{sample['id']}", json={"amount": "1.5"})
    assert response.status_code == 200
    changed = {"amount": "1.50", "updated_at": response.json()["updated_at"]}
    assert response.json() == sample | changed
    assert changed["updated_at"] > sample["updated_at"]


async def test_updating_nothing_changes_nothing(client: httpx2.AsyncClient) -> None:
    sample = await create(client)
    response = await client.patch(f"{URL}/{sample['id']}", json={})
    assert response.status_code == 200
    assert response.json() == sample


@pytest.mark.parametrize("name", ["Lamp", "LAMP", " lamp "])
async def test_what_is_unique_is_taken_in_any_case(
    client: httpx2.AsyncClient, name: str
) -> None:
    await create(client)
    response = await client.post(URL, json={"name": name})
    assert response.status_code == 409
    assert response.json()["error_code"] == "conflict"
    assert list(response.json()["field_errors"]) == ["name"]


async def test_what_is_taken_is_refused_on_every_change(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    await make_sample(name="École")
    sample = await create(client)
    for method in ("PUT", "PATCH"):
        response = await client.request(
            method, f"{URL}/{sample['id']}", json={"name": "ÉCOLE"}
        )
        assert response.status_code == 409
    assert (await client.get(f"{URL}/{sample['id']}")).json() == sample


async def test_an_accent_makes_another_value(client: httpx2.AsyncClient) -> None:
    await create(client, name="Ecole")
    await create(client, name="École")


async def test_a_row_keeps_its_own_value_in_another_case(
    client: httpx2.AsyncClient,
) -> None:
    sample = await create(client)
    response = await client.put(f"{URL}/{sample['id']}", json={"name": "LAMP"})
    assert response.status_code == 200
    assert response.json()["name"] == "LAMP"


async def test_what_was_deleted_is_gone(client: httpx2.AsyncClient) -> None:
    sample = await create(client)
    deleted = await client.delete(f"{URL}/{sample['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "DELETE"):
        assert (
            await client.request(method, f"{URL}/{sample['id']}")
        ).status_code == 404
