"""What creates rows of resources over the API, as clients do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2


@dataclass
class Factory:
    """Creates rows of one resource.

    Attributes:
        client: Who creates them.
        url: Where.
        values: Returns what must be sent for the first, the second, ... row.
        parents: What creates the rows that each must refer to, by field.
    """

    client: httpx2.AsyncClient
    url: str
    values: Callable[[int], dict[str, Any]] = field(default=lambda _: {})
    parents: Mapping[str, "Factory"] = field(default_factory=dict)
    number: int = 0

    async def body(self, **values: Any) -> dict[str, Any]:
        """Return a body that creates a row: `values`, and what else must be sent."""
        self.number += 1
        body = self.values(self.number) | values
        for name, make in self.parents.items():
            if name not in body:
                body[name] = (await make())["id"]
        return body

    async def __call__(self, **values: Any) -> dict[str, Any]:
        """Create a row, and return how the API shows it."""
        response = await self.client.post(self.url, json=await self.body(**values))
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created
