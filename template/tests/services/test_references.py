"""What a request refers to must exist for whoever sends it."""

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError
from app.core.resource.references import require
from tests.fixtures.sample import MakeSample, SampleValues
from tests.sample.crud import FadedSampleRepository, SampleRepository


async def test_what_exists_can_be_referred_to(
    sample_repository: SampleRepository, make_sample: MakeSample
) -> None:
    await require(sample_repository, (await make_sample()).id, "sample_id", "sample")


async def test_what_does_not_exist_is_a_conflict_of_its_field(
    sample_repository: SampleRepository,
) -> None:
    with pytest.raises(ConflictError, match="no such sample") as caught:
        await require(sample_repository, uuid4(), "sample_id", "sample")
    assert caught.value.fields == {"sample_id": ["There is no such sample."]}


async def test_what_lies_outside_the_scope_does_not_exist(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    sample = await make_sample(is_hot=False)
    with pytest.raises(ConflictError):
        await require(
            SampleRepository(session, is_hot=True), sample.id, "sample_id", "sample"
        )


async def test_what_was_deleted_does_not_exist_though_its_row_does(
    session: AsyncSession, sample_values: SampleValues
) -> None:
    samples = FadedSampleRepository(session)
    sample = await samples.create(sample_values())
    await require(samples, sample.id, "sample_id", "sample")
    await samples.delete(sample)
    with pytest.raises(ConflictError):
        await require(samples, sample.id, "sample_id", "sample")


async def test_nothing_can_always_be_referred_to(
    sample_repository: SampleRepository,
) -> None:
    await require(sample_repository, None, "sample_id", "sample")
