"""The table of samples of values."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Double, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.model import Resource
from app.db.choice import Choice


class Mood(StrEnum):
    """What the mood of a sample can be."""

    GOOD = "good"
    BAD = "bad"


class SampleKind(Resource):
    """A sample of values."""

    __tablename__ = "sample_kinds"
    __table_args__ = (Index("ix_sample_kinds_created_at", "created_at", "id"),)

    contact: Mapped[str | None] = mapped_column(String(254))
    site: Mapped[str | None] = mapped_column(String(2000))
    weight: Mapped[float | None] = mapped_column(Double)
    day: Mapped[date | None]
    at: Mapped[datetime | None]
    code: Mapped[UUID | None]
    mood: Mapped[Mood | None] = mapped_column(Choice(Mood))
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
