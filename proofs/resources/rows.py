"""Makes rows of any resource over its API, and of all that they refer to."""

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx2
import pytest

from proofs.resources.answer import Field, Resource, resource, resources
from proofs.resources.values import value

each_resource = pytest.mark.parametrize("one", resources(), ids=lambda one: one.name)


def fields_of(kind: Callable[[Field], object]) -> pytest.MarkDecorator:
    """Return a mark that runs a test for each field of each resource that is of a kind."""
    pairs = [
        pytest.param(one, field, id=f"{one.name}-{field.name}")
        for one in resources()
        for field in one.fields
        if kind(field)
    ]
    return pytest.mark.parametrize(("one", "field"), pairs)


each_value = fields_of(lambda field: not field.to)
each_reference = fields_of(lambda field: field.to)


class Maker:
    """Creates rows as one client."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.numbers = count(10)

    def beside(self, client: httpx2.AsyncClient) -> "Maker":
        """Return a maker for another client, with which nothing clashes."""
        other = Maker(client)
        other.numbers = self.numbers
        return other

    async def parent(self, field: Field) -> Any:
        """Create a row that a field can refer to, and return its id."""
        return (await self.create(resource(field.to)))["id"]

    async def body(
        self, one: Resource, *, full: bool = False, n: int | None = None, **values: Any
    ) -> dict[str, Any]:
        """Return a body that creates a row with what must be sent, or with all.

        Values differ from those of all other bodies as far as they can.
        """
        n = next(self.numbers) if n is None else n
        body: dict[str, Any] = {}
        for field in one.fields:
            is_distinct = (field.unique or field.in_group) and not field.optional
            if field.attribute in values or not (
                full or field.is_required or is_distinct
            ):
                continue
            if field.read_only:
                continue
            if not field.to:
                body[field.attribute] = value(field, n)
            elif field.to != one.name or field.is_required:
                body[field.attribute] = await self.parent(field)
        return body | values

    async def create(self, one: Resource, **values: Any) -> dict[str, Any]:
        """Create a row, and return how the API shows it."""
        response = await self.client.post(one.url, json=await self.body(one, **values))
        assert response.status_code == 201, response.text
        row: dict[str, Any] = response.json()
        return row

    async def read(self, one: Resource, row: dict[str, Any]) -> dict[str, Any]:
        """Return how the API shows a row now."""
        response = await self.client.get(f"{one.url}/{row['id']}")
        assert response.status_code == 200, response.text
        now: dict[str, Any] = response.json()
        return now

    async def found(self, url: str, query: str = "") -> list[str]:
        """Return the ids of the rows of a list."""
        response = await self.client.get(f"{url}?{query}")
        assert response.status_code == 200, response.text
        return [row["id"] for row in response.json()["items"]]

    async def shown(self, one: Resource) -> list[dict[str, Any]]:
        """Return how the API shows all rows now."""
        response = await self.client.get(one.url)
        assert response.status_code == 200, response.text
        rows: list[dict[str, Any]] = response.json()["items"]
        return rows


def refusal(response: httpx2.Response) -> tuple[int, list[str]]:
    """Return the status of a refusal and the fields that it names."""
    return response.status_code, list(response.json().get("field_errors") or [])


async def insist(
    client: httpx2.AsyncClient, method: str, url: str, body: dict[str, Any]
) -> httpx2.Response:
    """Send a request, and again as long as the answer asks for that.

    Of several that wait for one value MySQL may end one, as they wait for each other.
    """
    for _ in range(10):
        response = await client.request(method, url, json=body)
        if response.status_code != 503:
            break
    return response
