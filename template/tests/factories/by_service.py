"""What creates rows that no client can create, as jobs and commands do."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from app.core.resource.repository import Scope
from app.core.resource.service import ResourceService
from tests.factories import Factory
from tests.fixtures.database import Sessions


class ServiceFactory(Factory):
    """Creates rows of one resource by its service."""

    def __init__(
        self,
        sessions: Sessions,
        scope: Scope,
        service: type[ResourceService[Any]],
        schemas: tuple[type[BaseModel], type[BaseModel]],
        values: Callable[[int], dict[str, Any]] = lambda _: {},
        parents: Mapping[str, Factory] | None = None,
    ) -> None:
        self.sessions = sessions
        self.scope = scope
        self.service = service
        self.schemas = schemas
        self.values = values
        self.parents = parents or {}

    async def __call__(self, **values: Any) -> dict[str, Any]:
        """Create a row in a transaction of its own, and return how the API shows it."""
        body, answer = self.schemas
        data = body.model_validate(await self.body(**values))
        async with self.sessions.begin() as session:
            row = await self.service(session, self.scope).create(data)
            shown = answer.model_validate(row).model_dump_json()
        created: dict[str, Any] = json.loads(shown)
        return created
