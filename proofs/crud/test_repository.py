"""What every repository does."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Scope
from app.db.base import Base
from proofs.fixtures.sample import MakeSample, SampleValues
from proofs.sample.crud import SampleRepository
from proofs.sample.models import Sample
from proofs.sample.schemas import SampleQuery

CHEAP = Decimal("1.00")
DEAR = Decimal("900.00")


class CheapScope(Scope):
    """A scope in which everything is cheap."""

    def values(self, _model: type[Base]) -> dict[str, Any]:
        """Return what is the same in all samples."""
        return {"amount": CHEAP}


async def test_a_created_row_can_be_found(
    sample_repository: SampleRepository, sample_values: SampleValues
) -> None:
    sample = await sample_repository.create(sample_values(name="Lamp"))
    assert await sample_repository.get(sample.id) is sample
    assert (
        sample.created_at == sample.updated_at or sample.created_at < sample.updated_at
    )


async def test_ids_sort_by_the_time_of_creation(
    sample_repository: SampleRepository, make_sample: MakeSample
) -> None:
    samples = [await make_sample() for _ in range(50)]
    assert [sample.id for sample in samples] == sorted(sample.id for sample in samples)
    page = await sample_repository.list(SampleQuery(sort="created_at", limit=50))
    assert [sample.id for sample in page.items] == [sample.id for sample in samples]


async def test_rows_outside_the_scope_do_not_exist(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    outside = await make_sample(amount=DEAR)
    inside = await make_sample(amount=CHEAP)
    samples = SampleRepository(session, CheapScope())
    assert await samples.get(outside.id) is None
    assert (await samples.list(SampleQuery())).total == 1
    assert list((await samples.list(SampleQuery())).items) == [inside]


async def test_created_rows_are_in_the_scope_whatever_the_values_say(
    session: AsyncSession, sample_values: SampleValues
) -> None:
    samples = SampleRepository(session, CheapScope())
    sample = await samples.create(sample_values(amount=DEAR))
    assert sample.amount == CHEAP


async def test_changing_a_row_moves_only_the_time_of_change(
    sample_repository: SampleRepository, make_sample: MakeSample
) -> None:
    sample = await make_sample()
    created_at, updated_at = sample.created_at, sample.updated_at
    await sample_repository.update(sample, {"amount": DEAR})
    assert sample.created_at == created_at
    assert sample.updated_at > updated_at


async def test_a_row_that_is_to_be_changed_is_read_anew(
    session: AsyncSession, sample_repository: SampleRepository, make_sample: MakeSample
) -> None:
    sample = await sample_repository.get((await make_sample(amount=CHEAP)).id)
    assert sample
    await session.execute(
        update(Sample).values(amount=DEAR).execution_options(synchronize_session=False)
    )
    assert await sample_repository.get(sample.id) is sample
    assert sample.amount == CHEAP
    assert await sample_repository.get(sample.id, for_update=True) is sample
    assert sample.amount == DEAR


async def test_a_deleted_row_is_gone(
    sample_repository: SampleRepository, make_sample: MakeSample
) -> None:
    sample = await make_sample()
    await sample_repository.delete(sample)
    assert await sample_repository.get(sample.id) is None


async def test_a_refused_row_leaves_the_session_usable_inside_a_savepoint(
    session: AsyncSession,
    sample_repository: SampleRepository,
    sample_values: SampleValues,
) -> None:
    await sample_repository.create(sample_values(name="Lamp"))
    with pytest.raises(DBAPIError):
        async with session.begin_nested():
            await sample_repository.create(sample_values(name="LAMP"))
    assert (await sample_repository.list(SampleQuery())).total == 1
