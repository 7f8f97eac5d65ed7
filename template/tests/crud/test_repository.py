"""What every repository does."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.item import ItemRepository
from app.schemas.item import ItemQuery
from tests.fixtures.items import ItemValues, MakeItem

CHEAP = Decimal("1.00")
DEAR = Decimal("900.00")


async def test_a_created_row_can_be_found(item_repository: ItemRepository) -> None:
    item = await item_repository.create({"name": "Lamp", "price": CHEAP})
    assert await item_repository.get(item.id) is item
    assert await item_repository.find_by_name("LAMP") is item
    assert item.created_at == item.updated_at or item.created_at < item.updated_at


async def test_ids_sort_by_the_time_of_creation(
    item_repository: ItemRepository, make_item: MakeItem
) -> None:
    items = [await make_item() for _ in range(50)]
    assert [item.id for item in items] == sorted(item.id for item in items)
    page = await item_repository.list(ItemQuery(sort="created_at", limit=50))
    assert [item.id for item in page.items] == [item.id for item in items]


async def test_rows_outside_the_scope_do_not_exist(
    session: AsyncSession, make_item: MakeItem
) -> None:
    outside = await make_item(price=DEAR)
    inside = await make_item(price=CHEAP)
    items = ItemRepository(session, price=CHEAP)
    assert await items.get(outside.id) is None
    assert await items.find_by_name(outside.name) is None
    assert await items.count(ItemQuery()) == 1
    assert list((await items.list(ItemQuery())).items) == [inside]


async def test_created_rows_are_in_the_scope_whatever_the_values_say(
    session: AsyncSession, item_values: ItemValues
) -> None:
    items = ItemRepository(session, price=CHEAP)
    item = await items.create(item_values(price=DEAR))
    assert item.price == CHEAP


async def test_changing_a_row_moves_only_the_time_of_change(
    item_repository: ItemRepository, make_item: MakeItem
) -> None:
    item = await make_item()
    created_at, updated_at = item.created_at, item.updated_at
    await item_repository.update(item, {"price": DEAR})
    assert item.created_at == created_at
    assert item.updated_at > updated_at


async def test_a_deleted_row_is_gone(item_repository: ItemRepository, make_item: MakeItem) -> None:
    item = await make_item()
    await item_repository.delete(item)
    assert await item_repository.get(item.id) is None


async def test_a_refused_row_leaves_the_session_usable_inside_a_savepoint(
    session: AsyncSession, item_repository: ItemRepository, make_item: MakeItem
) -> None:
    await make_item(name="Lamp")
    with pytest.raises(DBAPIError):
        async with session.begin_nested():
            await item_repository.create({"name": "LAMP", "price": CHEAP})
    assert await item_repository.find_by_name("lamp") is not None
    assert await item_repository.get(uuid4()) is None
