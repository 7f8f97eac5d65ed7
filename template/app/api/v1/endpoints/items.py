"""Endpoints for items."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.api.dependencies.pagination import list_query
from app.api.dependencies.services import ItemServiceDep
from app.core.openapi import CREATED, problem_responses
from app.crud.base import Listing
from app.models.item import Item
from app.schemas.item import ItemCreate, ItemPage, ItemQuery, ItemRead, ItemReplace, ItemUpdate

router = APIRouter(prefix="/items", tags=["items"])
ItemQueryDep = Annotated[ItemQuery, list_query(ItemQuery)]


@router.get("", response_model=ItemPage)
async def list_items(query: ItemQueryDep, items: ItemServiceDep) -> Listing[Item]:
    """List items, a page at a time."""
    return await items.list(query)


@router.post(
    "",
    response_model=ItemRead,
    status_code=status.HTTP_201_CREATED,
    responses=CREATED | problem_responses(409, 413),
)
async def create_item(
    data: ItemCreate, items: ItemServiceDep, request: Request, response: Response
) -> Item:
    """Create an item; `Location` says where it is."""
    item = await items.create(data)
    response.headers["Location"] = request.url_for("get_item", item_id=item.id).path
    return item


@router.get("/{item_id}", response_model=ItemRead, responses=problem_responses(404))
async def get_item(item_id: UUID, items: ItemServiceDep) -> Item:
    """Read an item."""
    return await items.get(item_id)


@router.put("/{item_id}", response_model=ItemRead, responses=problem_responses(404, 409, 413))
async def replace_item(item_id: UUID, data: ItemReplace, items: ItemServiceDep) -> Item:
    """Replace an item: what is left out gets its default."""
    return await items.replace(item_id, data)


@router.patch("/{item_id}", response_model=ItemRead, responses=problem_responses(404, 409, 413))
async def update_item(item_id: UUID, data: ItemUpdate, items: ItemServiceDep) -> Item:
    """Change the fields that are sent; all others stay."""
    return await items.update(item_id, data)


@router.delete(
    "/{item_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(404)
)
async def delete_item(item_id: UUID, items: ItemServiceDep) -> None:
    """Delete an item."""
    await items.delete(item_id)
