"""Rows that belong to a user."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class OwnedMixin:
    """A row that belongs to a user, and goes with the user.

    Attributes:
        owner_id: The scope of the row's repository: no query forgets it. It is no field of any
            request, so no error names it. An index of the table must begin with it.
    """

    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), info={"field": None}
    )
