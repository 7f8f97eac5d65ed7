"""What rows refer to."""

from collections.abc import Mapping
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
            if await self._leads_to(row, field, values[field]):
                message = f"This leads back to the same {title_of(type(row))}."
                raise ConflictError(message, field=field)

    async def _leads_to(self, row: ResourceT, field: str, start: Key | None) -> bool:
        """Whether who follows a field from row to row of the same table meets this one.

        Those on the way, hidden or not, are locked: nobody moves them meanwhile.
        """
        model, step = type(row), start
        seen: set[Key | None] = {None, row.id}
        if self.references[field].model is not model:
            return False
        while step not in seen:
            seen.add(step)
            above = select(getattr(model, field)).where(model.id == step)
            step = await self._session.scalar(above.with_for_update())
        return step == row.id
