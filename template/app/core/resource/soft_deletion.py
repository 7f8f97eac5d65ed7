"""Rows that are marked as deleted, and hidden from then on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import EntityT, Repository
from app.db.base import Key, now

LIVING = UUID(int=0)


class SoftDeletedMixin:
    """A row that is marked as deleted, and that a `SoftDeleteRepository` hides then.

    Attributes:
        tombstone: Tells deleted rows apart: the row's own id as a UUID, and `LIVING`
            before. Unique constraints include it, so that a deleted row frees its
            values.
    """

    deleted_at: Mapped[datetime | None]
    tombstone: Mapped[UUID] = mapped_column(default=LIVING, info={"field": None})


class SoftDeleteRepository(Repository[EntityT]):
    """Reads the rows that are not marked as deleted, and marks instead of deleting."""

    def _select(self, *conditions: ColumnElement[bool]) -> Select[EntityT]:
        return super()._select(self.model.deleted_at.is_(None), *conditions)

    async def restore(self, entity_id: Key) -> EntityT | None:
        """Show a row again that was marked as deleted, if there is one.

        A unique value that another row has taken since is refused.
        """
        is_deleted = self.model.deleted_at.is_not(None)
        statement = super()._select(self.model.id == entity_id, is_deleted)
        entity: Any = await self._session.scalar(statement.with_for_update())
        if entity is None:
            return None
        return await self.update(entity, {"deleted_at": None, "tombstone": LIVING})

    async def delete(self, entity: Any) -> None:
        """Mark a row as deleted."""
        entity.deleted_at, entity.tombstone = now(), UUID(int=int(entity.id))
        await self._session.flush()
