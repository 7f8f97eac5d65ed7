"""Rows that are marked as deleted, and hidden from then on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import EntityT, Repository
from app.db.base import now

LIVING = UUID(int=0)


class SoftDeletedMixin:
    """A row that is marked as deleted, and that a `SoftDeleteRepository` hides then.

    Attributes:
        tombstone: Tells deleted rows apart: the row's own id, and `LIVING` before.
            Unique constraints include it, so that a deleted row frees its values.
    """

    deleted_at: Mapped[datetime | None]
    tombstone: Mapped[UUID] = mapped_column(default=LIVING, info={"field": None})


class SoftDeleteRepository(Repository[EntityT]):
    """Reads the rows that are not marked as deleted, and marks instead of deleting."""

    def _select(self, *conditions: ColumnElement[bool]) -> Select[EntityT]:
        return super()._select(self.model.deleted_at.is_(None), *conditions)

    async def delete(self, entity: Any) -> None:
        """Mark a row as deleted."""
        entity.deleted_at, entity.tombstone = now(), entity.id
        await self._session.flush()
