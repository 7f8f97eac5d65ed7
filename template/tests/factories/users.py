"""The user to whom rows refer."""

from typing import Any

import httpx2
import pytest

from tests.factories import Factory


class Callers(Factory):
    """Returns the user of its client in place of a new one."""

    async def __call__(self, **_values: Any) -> dict[str, Any]:
        """Return how the API shows the user."""
        user: dict[str, Any] = (await self.client.get(self.url)).json()
        return user


@pytest.fixture
def me(client: httpx2.AsyncClient) -> Factory:
    """Return what returns the user who calls."""
    return Callers(client, "/api/v1/users/me")
