"""Sample data for development."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.item import ItemRepository
from app.schemas.item import ItemCreate

SAMPLES = (
    ItemCreate(name="Lamp", description="A lamp for the desk.", price=Decimal("24.90")),
    ItemCreate(name="Chair", price=Decimal("119.00")),
    ItemCreate(name="Notebook", description="Squared, 96 pages.", price=Decimal("3.50")),
)


async def plant(session: AsyncSession) -> int:
    """Add the samples that are missing; return how many that were."""
    items = ItemRepository(session)
    missing = [sample for sample in SAMPLES if await items.find_by_name(sample.name) is None]
    for sample in missing:
        await items.create(sample.model_dump())
    return len(missing)
