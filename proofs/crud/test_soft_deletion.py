"""Rows that stay when they are deleted, and are seen no more."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Scope
from app.core.resource.soft_deletion import LIVING
from app.db.base import now
from proofs.fixtures.sample import SampleValues
from proofs.sample.crud import FadedSampleRepository
from proofs.sample.models import FadedSample
from proofs.sample.schemas import SampleQuery


@pytest.fixture
def samples(session: AsyncSession) -> FadedSampleRepository:
    """Give the repository."""
    return FadedSampleRepository(session, Scope())


async def test_a_deleted_row_is_hidden_from_every_query(
    samples: FadedSampleRepository, sample_values: SampleValues
) -> None:
    kept, deleted = [await samples.create(sample_values()) for _ in range(2)]
    await samples.delete(deleted)
    assert await samples.get(deleted.id) is None
    assert await samples.get(deleted.id, for_update=True) is None
    page = await samples.list(SampleQuery())
    assert ([sample.id for sample in page.items], page.total) == ([kept.id], 1)
    assert (await samples.list(SampleQuery())).total == 1


async def test_a_deleted_row_stays_and_says_when_it_was_deleted(
    samples: FadedSampleRepository, sample_values: SampleValues, session: AsyncSession
) -> None:
    before = now()
    sample = await samples.create(sample_values(name="Lamp"))
    assert (sample.deleted_at, sample.tombstone) == (None, LIVING)
    await samples.delete(sample)
    session.expunge_all()
    row = (await session.scalars(select(FadedSample))).one()
    assert (row.name, row.tombstone, row.row_version) == ("Lamp", row.id, 2)
    assert row.deleted_at
    assert before <= row.deleted_at <= now()


async def test_a_deleted_row_frees_its_name_again_and_again(
    samples: FadedSampleRepository, sample_values: SampleValues
) -> None:
    for name in ("Lamp", "LAMP", "lamp"):
        await samples.delete(await samples.create(sample_values(name=name)))
    await samples.create(sample_values(name="Lamp"))


async def test_a_row_that_is_not_deleted_keeps_its_name(
    samples: FadedSampleRepository, sample_values: SampleValues
) -> None:
    await samples.create(sample_values(name="Lamp"))
    with pytest.raises(DBAPIError):
        await samples.create(sample_values(name="LAMP"))


async def test_a_deleted_row_can_be_restored(
    samples: FadedSampleRepository, sample_values: SampleValues
) -> None:
    sample = await samples.create(sample_values(name="Lamp"))
    assert await samples.restore(sample.id) is None
    await samples.delete(sample)
    restored = await samples.restore(sample.id)
    assert restored is sample
    assert (sample.deleted_at, sample.tombstone, sample.row_version) == (
        None,
        LIVING,
        3,
    )
    assert await samples.get(sample.id) is sample
    with pytest.raises(DBAPIError):
        await samples.create(sample_values(name="LAMP"))


async def test_a_row_whose_name_is_taken_since_is_not_restored(
    samples: FadedSampleRepository, sample_values: SampleValues
) -> None:
    sample = await samples.create(sample_values(name="Lamp"))
    await samples.delete(sample)
    await samples.create(sample_values(name="lamp"))
    with pytest.raises(DBAPIError):
        await samples.restore(sample.id)
