"""Rules for items."""

from uuid import UUID

from app.core.errors import NotFoundError
from app.crud.base import Listing
from app.crud.item import ItemRepository
from app.models.item import Item
from app.schemas.item import ItemCreate, ItemQuery, ItemReplace, ItemUpdate


class ItemService:
    """Applies the rules for items; knows nothing of HTTP."""

    def __init__(self, items: ItemRepository) -> None:
        self._items = items

    async def list(self, query: ItemQuery) -> Listing[Item]:
        """List items."""
        return await self._items.list(query)

    async def get(self, item_id: UUID, *, for_update: bool = False) -> Item:
        """Find an item.

        Raises:
            NotFoundError: If there is none.
        """
        item = await self._items.get(item_id, for_update=for_update)
        if item is None:
            raise NotFoundError("There is no such item.")
        return item

    async def create(self, data: ItemCreate) -> Item:
        """Create an item."""
        return await self._items.create(data.model_dump())

    async def replace(self, item_id: UUID, data: ItemReplace) -> Item:
        """Set every field of an item.

        Raises:
            NotFoundError: If there is none.
        """
        item = await self.get(item_id, for_update=True)
        return await self._items.update(item, data.model_dump())

    async def update(self, item_id: UUID, data: ItemUpdate) -> Item:
        """Change the fields that are given.

        Raises:
            NotFoundError: If there is none.
        """
        item = await self.get(item_id, for_update=True)
        return await self._items.update(item, data.model_dump(exclude_unset=True))

    async def delete(self, item_id: UUID) -> None:
        """Delete an item.

        Raises:
            NotFoundError: If there is none.
        """
        await self._items.delete(await self.get(item_id, for_update=True))
