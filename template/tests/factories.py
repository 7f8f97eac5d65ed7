"""Makes rows for tests, a function per table."""

from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.item import Item

numbers = count(1)


async def make_item(session: AsyncSession, **values: Any) -> Item:
    """Insert an item; what is not given gets a value that no other item has."""
    defaults = {"name": f"Item {next(numbers)}", "description": None, "price": Decimal("9.90")}
    item = Item(**defaults | values)
    session.add(item)
    await session.commit()
    return item
