"""The tables of owned samples and of their parts."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import OwnedMixin
from app.core.resource.model import Resource
from proofs.sample.models import SampleColumns


class OwnedSample(OwnedMixin, SampleColumns):
    """A sample of one user; two users may have samples of the same name."""

    __tablename__ = "owned_samples"
    __table_args__ = (
        UniqueConstraint("owner_id", "name_key", name="uq_owned_samples_name"),
        Index("ix_owned_samples_created_at", "owner_id", "created_at", "id"),
    )


class OwnedSamplePart(OwnedMixin, Resource):
    """A row that refers to others of the same user, which the database keeps as long.

    Attributes:
        twin_id: Another part.
    """

    __tablename__ = "parts_of_owned_samples"
    __table_args__ = (
        Index(
            "ix_parts_of_owned_samples_sample",
            "owner_id",
            "owned_sample_id",
            "created_at",
            "id",
        ),
    )

    owned_sample_id: Mapped[UUID] = mapped_column(
        ForeignKey("owned_samples.id", name="fk_parts_of_owned_samples_sample")
    )
    twin_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("parts_of_owned_samples.id", name="fk_parts_of_owned_samples_twin")
    )
