"""Rows that belong to a user, and that others read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.errors import ForbiddenError
from app.core.errors import NotFoundError
from app.core.resource.model import title_of
from app.core.resource.repository import EntityT, Repository, Scope
from app.db.base import Base, Key


class NotOwnerError(ForbiddenError):
    """A row can be read, and only its owner may change it."""


class AllOwners(Scope):
    """The scope of all rows, whoever owns them."""

    def values(self, _model: type[Base]) -> dict[str, Any]:
        """Return no values: rows of different owners have none in common."""
        return {}


class OwnerWritesRepository(Repository[EntityT]):
    """Reads the rows of all owners; what it inserts, locks and changes is in its scope.

    Among the bases of a repository it comes first.
    """

    def __init__(self, session: AsyncSession, scope: Scope) -> None:
        super().__init__(session, AllOwners())
        self._scope = scope

    async def get(self, entity_id: Key, *, for_update: bool = False) -> EntityT | None:
        """Find a row by its id; `for_update` locks it, and asks for its owner at once.

        Raises:
            NotOwnerError: If it was to be locked, and is somebody else's.
        """
        if not for_update:
            return await super().get(entity_id)
        own = self._select(self.model.id == entity_id).filter_by(**self._own)
        entity = await self._session.scalar(
            own.options(*self.loading).with_for_update(),
            execution_options={"populate_existing": True},
        )
        if entity is None and await super().get(entity_id) is not None:
            raise NotOwnerError("Only its owner may change this.")
        return entity

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row of the caller."""
        return await super().create({**values, **self._own})

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns of a row.

        Raises:
            NotFoundError: If it is somebody else's, and was not locked by `get`.
        """
        self._require_own(entity)
        return await super().update(entity, values)

    async def delete(self, entity: EntityT) -> None:
        """Remove a row.

        Raises:
            NotFoundError: If it is somebody else's, and was not locked by `get`.
        """
        self._require_own(entity)
        await super().delete(entity)

    @property
    def _own(self) -> dict[str, Any]:
        return self._scope.values(self.model)

    def _require_own(self, entity: EntityT) -> None:
        if any(getattr(entity, name) != value for name, value in self._own.items()):
            raise NotFoundError(f"There is no such {title_of(self.model)} of yours.")
