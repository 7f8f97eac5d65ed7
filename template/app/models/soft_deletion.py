"""Rows that stay when they are deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

LIVING = UUID(int=0)


class SoftDeletedMixin:
    """A row that is marked as deleted, and hidden from then on; see `app.crud.base`.

    Attributes:
        tombstone: Tells deleted rows apart: the row's own id, and `LIVING` before. Unique
            constraints include it, so that a deleted row frees its values.
    """

    deleted_at: Mapped[datetime | None]
    tombstone: Mapped[UUID] = mapped_column(default=LIVING, info={"field": None})
