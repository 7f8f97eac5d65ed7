"""What rows refer to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.core.errors import ConflictError
from app.core.resource.model import title_of
from app.core.resource.repository import Repository
from app.core.resource.service import ResourceService, ResourceT


class ReferringService(ResourceService[ResourceT]):
    """The service of a resource whose rows refer to others.

    Attributes:
        references: What reads that which a field refers to, by the name of the field.
    """

    references: ClassVar[Mapping[str, type[Repository[Any]]]]

    async def check(self, values: Mapping[str, Any]) -> None:
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
