"""Types that behave alike on every database."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from proofs.fixtures.sample import MakeSample
from proofs.sample.models import Sample

MOMENT = datetime(
    2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45))
)


async def test_a_moment_keeps_its_microseconds_and_returns_in_utc(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    sample = await make_sample(created_at=MOMENT)
    await session.refresh(sample)
    assert sample.created_at == MOMENT
    assert sample.created_at.tzinfo == UTC
    found = await session.scalar(
        select(Sample.id).where(Sample.created_at == MOMENT.astimezone(UTC))
    )
    assert found == sample.id


async def test_a_moment_without_a_time_zone_is_refused(make_sample: MakeSample) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await make_sample(created_at=MOMENT.replace(tzinfo=None))


async def test_ids_and_decimals_return_as_they_were_written(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    sample = await make_sample(amount=Decimal("99999999.99"))
    await session.refresh(sample)
    assert isinstance(sample.id, UUID)
    assert sample.id.version == 7
    assert sample.amount == Decimal("99999999.99")
