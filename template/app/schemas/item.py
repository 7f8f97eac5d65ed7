"""Request and response bodies of items."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.base import Moment, PatchSchema, RequestSchema, ResponseSchema, omittable
from app.schemas.decimals import FixedPoint
from app.schemas.page import ListQuery, Page, sort_keys
from app.schemas.texts import PlainText

ItemName = Annotated[
    str, PlainText(120, required=True), Field(description="Unique name.", examples=["Lamp"])
]
ItemDescription = Annotated[
    str, PlainText(10_000), Field(description="Free text.", examples=["A lamp for the desk."])
]
NamePart = Annotated[str, PlainText(120)]
ItemPrice = Annotated[
    Decimal,
    FixedPoint(10, 2, minimum=Decimal(0)),
    Field(description="Price.", examples=["24.90"]),
]


class ItemCreate(RequestSchema):
    """A new item."""

    name: ItemName
    description: ItemDescription | None = None
    price: ItemPrice = Decimal("0.00")


class ItemReplace(ItemCreate):
    """Everything that a client can set: what is left out gets its default."""


class ItemUpdate(PatchSchema):
    """The fields to change; all others stay."""

    name: ItemName = omittable()
    description: ItemDescription | None = omittable()
    price: ItemPrice = omittable()


class ItemRead(ResponseSchema):
    """An item."""

    id: UUID = Field(description="Identifier.")
    name: str = Field(description="Unique name.", examples=["Lamp"])
    description: str | None = Field(description="Free text.", examples=["A lamp for the desk."])
    price: Decimal = Field(description="Price.", examples=["24.90"])
    created_at: datetime = Field(description="When the item was made.")
    updated_at: datetime = Field(description="When the item was last changed.")


class ItemPage(Page[ItemRead]):
    """A page of items."""


class ItemQuery(ListQuery):
    """Which items to list, in which order."""

    sort: str = sort_keys("name", "price", "created_at", "updated_at", default="-created_at")
    name__contains: NamePart | None = Field(None, description="Part of the name, in any case.")
    price__gte: ItemPrice | None = Field(None, description="Lowest price.")
    price__lte: ItemPrice | None = Field(None, description="Highest price.")
    created_at__gte: Moment | None = Field(None, description="Made at or after.")
    created_at__lt: Moment | None = Field(None, description="Made before.")
