"""Rows that say who has made them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import EntityT, Repository, Scope


class AuthoredRepository(Repository[EntityT]):
    """Reads and writes a table whose rows say for good who has inserted them.

    Attributes:
        authors: The columns that refer to that user.
    """

    authors: ClassVar[Sequence[str]]

    def __init__(self, session: AsyncSession, scope: Scope) -> None:
        super().__init__(session, scope)
        self._author_id = scope.owner_id

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row of whoever calls."""
        authors = dict.fromkeys(self.authors, self._author_id)
        return await super().create({**values, **authors})
