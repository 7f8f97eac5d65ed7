"""Request and response bodies of samples."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields.decimals import FixedPoint
from app.core.fields.integers import Whole, WholeNumber
from app.core.fields.text import PlainText, SearchText
from app.core.fields.times import Moment
from app.core.lists.page import ListQuery, Page, sort_keys
from app.core.schemas import PatchSchema, RequestSchema, ResponseSchema, omittable

SampleName = Annotated[
    str,
    PlainText(120, required=True),
    Field(description="Unique name.", examples=["Lamp"]),
]
SampleNote = Annotated[
    str, PlainText(10_000), Field(description="Note.", examples=["Bright."])
]
SampleAmount = Annotated[
    Decimal,
    FixedPoint(10, 2, minimum=Decimal(0)),
    Field(description="Amount.", examples=["24.90"]),
]
SampleRank = Annotated[Whole, Field(description="Rank.", examples=[1])]
SampleIsHot = Annotated[
    bool, Field(strict=True, description="Is hot.", examples=[True])
]


class SampleCreate(RequestSchema):
    """A new sample."""

    name: SampleName
    note: SampleNote | None = None
    amount: SampleAmount = Decimal("0.00")
    rank: SampleRank | None = None
    is_hot: SampleIsHot = False


class SampleReplace(SampleCreate):
    """Everything that a client can set: what is left out gets its default."""


class SampleUpdate(PatchSchema):
    """The fields to change; all others stay."""

    name: SampleName = omittable()
    note: SampleNote | None = omittable()
    amount: SampleAmount = omittable()
    rank: SampleRank | None = omittable()
    is_hot: SampleIsHot = omittable()


class SampleRead(ResponseSchema):
    """A sample."""

    id: UUID = Field(description="Identifier.")
    name: str = Field(description="Unique name.", examples=["Lamp"])
    note: str | None = Field(description="Note.", examples=["Bright."])
    amount: Decimal = Field(description="Amount.", examples=["24.90"])
    rank: int | None = Field(description="Rank.", examples=[1])
    is_hot: bool = Field(description="Is hot.", examples=[True])
    created_at: datetime = Field(description="When the sample was made.")
    updated_at: datetime = Field(description="When the sample was last changed.")


class SamplePage(Page[SampleRead]):
    """A page of samples."""


class SampleQuery(ListQuery):
    """Which samples to list, in which order."""

    sort: str = sort_keys(
        "name",
        "created_at",
        without_index=("amount", "rank", "updated_at"),
        default="-created_at",
    )
    name__contains: SearchText | None = Field(
        None, description="Name: a part of it, in any case."
    )
    name__in: list[SearchText] | None = Field(
        None, max_length=100, description="Name: any of these."
    )
    amount__gte: SampleAmount | None = Field(None, description="Amount: at least.")
    amount__lte: SampleAmount | None = Field(None, description="Amount: at most.")
    rank__gte: WholeNumber | None = Field(None, description="Rank: at least.")
    rank__lte: WholeNumber | None = Field(None, description="Rank: at most.")
    rank__in: list[WholeNumber] | None = Field(
        None, max_length=100, description="Rank: any of these."
    )
    is_hot: bool | None = Field(None, description="Is hot: whether it is.")
    created_at__gte: Moment | None = Field(None, description="Made at or after.")
    created_at__lt: Moment | None = Field(None, description="Made before.")
    updated_at__gte: Moment | None = Field(None, description="Changed at or after.")
