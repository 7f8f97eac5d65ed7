"""The services, each with what it needs."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import SessionDep
from app.crud.item import ItemRepository
from app.services.item import ItemService


async def get_item_service(session: SessionDep) -> ItemService:
    """Provide the service for items."""
    return ItemService(ItemRepository(session))


ItemServiceDep = Annotated[ItemService, Depends(get_item_service)]
