"""What a request refers to must exist for whoever sends it."""

from typing import Any, ClassVar
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError
from app.core.resource.references import ReferringService
from app.core.resource.repository import Scope
from app.db.base import Base
from proofs.fixtures.sample import MakeSample, SampleValues
from proofs.sample.crud import (
    FadedSampleRepository,
    SamplePartRepository,
    SampleRepository,
)
from proofs.sample.models import SamplePart


class HotScope(Scope):
    """A scope in which every sample is hot."""

    def values(self, model: type[Base]) -> dict[str, Any]:
        """Return what is the same in all samples."""
        return {"is_hot": True} if "is_hot" in model.__table__.columns else {}


class PartService(ReferringService[SamplePart]):
    """The service of what refers to samples."""

    repository = SamplePartRepository
    references: ClassVar = {"sample_id": SampleRepository}


class FadedPartService(PartService):
    """The same, where samples are marked as deleted."""

    references: ClassVar = {"sample_id": FadedSampleRepository}


@pytest.fixture
def parts(session: AsyncSession) -> PartService:
    return PartService(session, Scope())


async def test_what_exists_can_be_referred_to(
    parts: PartService, make_sample: MakeSample
) -> None:
    await parts.check({"sample_id": (await make_sample()).id})


async def test_what_does_not_exist_is_a_conflict_of_its_field(
    parts: PartService,
) -> None:
    with pytest.raises(ConflictError, match="no such sample") as caught:
        await parts.check({"sample_id": uuid4()})
    assert caught.value.fields == {"sample_id": ["There is no such sample."]}


async def test_what_lies_outside_the_scope_does_not_exist(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    sample = await make_sample(is_hot=False)
    with pytest.raises(ConflictError):
        await PartService(session, HotScope()).check({"sample_id": sample.id})


async def test_what_was_deleted_does_not_exist_though_its_row_does(
    session: AsyncSession, sample_values: SampleValues
) -> None:
    parts = FadedPartService(session, Scope())
    samples = FadedSampleRepository(session, Scope())
    sample = await samples.create(sample_values())
    await parts.check({"sample_id": sample.id})
    await samples.delete(sample)
    with pytest.raises(ConflictError):
        await parts.check({"sample_id": sample.id})


@pytest.mark.parametrize("values", [{}, {"sample_id": None}])
async def test_nothing_can_always_be_referred_to(
    parts: PartService, values: dict[str, Any]
) -> None:
    await parts.check(values)
