"""The rules for items."""

from decimal import Decimal
from uuid import uuid4

import pytest

from app.core.errors import NotFoundError
from app.crud.item import ItemRepository
from app.schemas.item import ItemCreate, ItemReplace, ItemUpdate
from app.services.item import ItemService
from tests.fixtures.items import MakeItem


@pytest.fixture
def items(item_repository: ItemRepository) -> ItemService:
    """Give the service."""
    return ItemService(item_repository)


async def test_an_item_is_created_from_its_schema(items: ItemService) -> None:
    item = await items.create(ItemCreate(name="Lamp"))
    assert (item.name, item.description, item.price) == ("Lamp", None, Decimal("0.00"))


async def test_replacing_resets_what_is_left_out(items: ItemService, make_item: MakeItem) -> None:
    item = await make_item(description="Old", price=Decimal("5.00"))
    replaced = await items.replace(item.id, ItemReplace(name="New"))
    assert (replaced.name, replaced.description, replaced.price) == ("New", None, Decimal("0.00"))


async def test_updating_keeps_what_is_left_out(items: ItemService, make_item: MakeItem) -> None:
    item = await make_item(description="Old", price=Decimal("5.00"))
    updated = await items.update(item.id, ItemUpdate(name="New"))
    assert (updated.name, updated.description, updated.price) == ("New", "Old", Decimal("5.00"))


async def test_what_is_not_there_is_not_found(items: ItemService) -> None:
    for call in (
        items.get(uuid4()),
        items.replace(uuid4(), ItemReplace(name="New")),
        items.update(uuid4(), ItemUpdate(name="New")),
        items.delete(uuid4()),
    ):
        with pytest.raises(NotFoundError, match="no such item"):
            await call
