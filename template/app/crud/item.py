"""Queries for items."""

from app.core.text import fold
from app.crud.base import Repository
from app.models.item import Item


class ItemRepository(Repository[Item]):
    """Reads and writes items."""

    model = Item

    async def find_by_name(self, name: str) -> Item | None:
        """Find the item of a name, in whatever case."""
        return await self._session.scalar(self._select(Item.name_key == fold(name)))
