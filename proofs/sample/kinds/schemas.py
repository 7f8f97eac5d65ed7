"""Request and response bodies of samples of values."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field, FiniteFloat

from app.core.fields.dates import Day
from app.core.fields.json_object import JsonObject
from app.core.fields.lower_case_email import LowerCaseEmail
from app.core.fields.text import SearchText
from app.core.fields.times import Moment
from app.core.fields.url import WebAddress
from app.core.lists.page import ListQuery, Page, sort_keys
from app.core.schemas import RequestSchema, ResponseSchema
from proofs.sample.kinds.models import Mood


class SampleKindCreate(RequestSchema):
    """A new sample of values."""

    contact: LowerCaseEmail | None = Field(None, description="Contact.")
    site: WebAddress | None = Field(None, description="Site.")
    weight: float | None = Field(
        None, strict=True, allow_inf_nan=False, description="Weight."
    )
    day: Day | None = Field(None, description="Day.")
    at: Moment | None = Field(None, description="At.")
    code: UUID | None = Field(None, description="Code.")
    mood: Mood | None = Field(None, description="Mood.")
    details: JsonObject | None = Field(None, description="Details.")


class SampleKindRead(ResponseSchema):
    """A sample of values."""

    id: UUID
    contact: str | None
    site: str | None
    weight: float | None
    day: date | None
    at: datetime | None
    code: UUID | None
    mood: Mood | None
    details: dict[str, Any] | None


class SampleKindPage(Page[SampleKindRead]):
    """A page of them."""


class SampleKindQuery(ListQuery):
    """Which of them to list, in which order."""

    sort: str = sort_keys("weight", "day", "at", "created_at", default="created_at")
    contact: SearchText | None = Field(None, description="Contact: exactly this.")
    weight__lte: FiniteFloat | None = Field(None, description="Weight: at most.")
    day__gte: Day | None = Field(None, description="Day: then or later.")
    at__lt: Moment | None = Field(None, description="At: earlier.")
    code: UUID | None = Field(None, description="Code: exactly this.")
    code__in: list[UUID] | None = Field(
        None, max_length=100, description="Code: any of these."
    )
    mood: Mood | None = Field(None, description="Mood: exactly this.")
    mood__in: list[Mood] | None = Field(
        None, max_length=100, description="Mood: any of these."
    )
