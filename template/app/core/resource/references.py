"""What rows refer to."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from sqlalchemy import select

from app.core.errors import ConflictError
from app.core.resource.model import title_of
from app.core.resource.repository import Repository
from app.core.resource.service import ResourceService, ResourceT
from app.db.base import Key


class ReferringService(ResourceService[ResourceT]):
    """The service of a resource whose rows refer to others.

    Attributes:
        references: What reads that which a field refers to, by the name of the field.
    """

    references: ClassVar[Mapping[str, type[Repository[Any]]]]

    async def check(self, values: dict[str, Any]) -> None:
        """Make sure that what is referred to exists, in the same scope.

        Raises:
            ConflictError: If it does not.
        """
        for field, repository in self.references.items():
            entity_id = values.get(field)
            if entity_id is None:
                continue
            if await repository(self._session, self._scope).get(entity_id) is None:
                message = f"There is no such {title_of(repository.model)}."
                raise ConflictError(message, field=field)

    async def check_change(self, row: ResourceT, values: Mapping[str, Any]) -> None:
        """Make sure that no row leads back to itself, however many are between.

        Raises:
            ConflictError: If one would.
        """
        for field in self.references.keys() & values.keys():
            model = self.references[field].model
            if model is not type(row):
                continue
            if row.id in await self.path(model, field, values[field]):
                message = f"This leads back to the same {title_of(type(row))}."
                raise ConflictError(message, field=field)

    async def path(
        self, model: type[Any], field: str, start: Key | None
    ) -> Collection[Key]:
        """Find the rows that a field leads to, from row to row of the same table.

        They are locked, hidden or not: nobody moves one meanwhile.
        """
        found: dict[Key, None] = {}
        step = start
        while step is not None and step not in found:
            found[step] = None
            above = select(getattr(model, field)).where(model.id == step)
            step = await self._session.scalar(above.with_for_update(read=True))
        return found
