"""Fills the database of a rendered project; run as a script inside it: `fill.py ITEMS`."""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from uuid import UUID

from app.config import load_settings
from app.core.resource.repository import Scope
from app.crud.item import ItemRepository
from app.db import dialect
from sqlalchemy.ext.asyncio import AsyncSession


@asynccontextmanager
async def open_session() -> AsyncIterator[AsyncSession]:
    """Begin a transaction."""
    settings = load_settings()
    engine = dialect.create_engine(settings.database_url.get_secret_value(), settings.database)
    async with AsyncSession(engine) as session, session.begin():
        yield session
    await engine.dispose()


async def add_items(session: AsyncSession, items: int, owner_id: UUID | None = None) -> None:
    """Add items."""
    for number in range(items):
        values = {"name": f"Item {number}", "description": "x" * 100, "price": Decimal(9)}
        await ItemRepository(session, Scope(owner_id=owner_id)).create(values)


async def main() -> None:
    """Add what was asked for."""
    async with open_session() as session:
        await add_items(session, int(sys.argv[1]))


if __name__ == "__main__":
    asyncio.run(main())
