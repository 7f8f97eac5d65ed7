"""The tables of samples: of these tests alone, so no migration creates them."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core.fields.text import fold
from app.core.resource.model import Resource
from app.core.resource.soft_deletion import SoftDeletedMixin


class SampleColumns(Resource):
    """What all kinds of samples have.

    Attributes:
        name_key: The name as it is compared: case does not matter.
    """

    __abstract__ = True

    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(360), info={"field": "name"})
    note: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=Decimal("0.00"))
    rank: Mapped[int | None]
    is_hot: Mapped[bool] = mapped_column(default=False)

    @validates("name")
    def _derive_key(self, field: str, text: str | None) -> str | None:
        setattr(self, f"{field}_key", text and fold(text))
        return text


class Sample(SampleColumns):
    """A sample that everybody shares."""

    __tablename__ = "samples"
    __table_args__ = (
        UniqueConstraint("name_key", name="uq_samples_name"),
        Index("ix_samples_created_at", "created_at", "id"),
    )


class FadedSample(SoftDeletedMixin, SampleColumns):
    """A sample that is marked when it is deleted, and frees its name."""

    __tablename__ = "faded_samples"
    __table_args__ = (
        UniqueConstraint("name_key", "tombstone", name="uq_faded_samples_name"),
        Index("ix_faded_samples_created_at", "created_at", "id"),
    )


class SamplePart(Resource):
    """What refers to a sample."""

    __tablename__ = "sample_parts"
    __table_args__ = (
        Index("ix_sample_parts_created_at", "created_at", "id"),
        Index("ix_sample_parts_sample_id", "sample_id", "id"),
    )

    sample_id: Mapped[UUID] = mapped_column(
        ForeignKey("samples.id", name="fk_sample_parts_sample_id")
    )
    sample: Mapped[Sample] = relationship(lazy="raise")
