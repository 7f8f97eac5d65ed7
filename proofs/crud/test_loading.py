"""Rows are read together with what their answers show of others."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.resource.repository import Scope
from proofs.fixtures.sample import MakeSample
from proofs.sample.crud import SamplePartRepository
from proofs.sample.models import SamplePart
from proofs.sample.schemas import SampleQuery


@pytest.fixture
def parts(session: AsyncSession) -> SamplePartRepository:
    """Give the repository."""
    return SamplePartRepository(session, Scope())


async def test_a_row_comes_with_what_it_refers_to(
    session: AsyncSession, parts: SamplePartRepository, make_sample: MakeSample
) -> None:
    sample = await make_sample(name="Lamp")
    created = await parts.create({"sample_id": sample.id})
    assert created.sample.name == "Lamp"
    session.expunge_all()
    found = await parts.get(created.id)
    assert found
    assert found.sample.name == "Lamp"


async def test_a_changed_row_comes_with_what_it_refers_to_now(
    parts: SamplePartRepository, make_sample: MakeSample
) -> None:
    part = await parts.create({"sample_id": (await make_sample(name="Lamp")).id})
    other = await make_sample(name="Shelf")
    assert (await parts.update(part, {"sample_id": other.id})).sample is other


async def test_a_page_takes_as_many_statements_for_many_rows_as_for_one(
    session: AsyncSession,
    parts: SamplePartRepository,
    make_sample: MakeSample,
    statements: list[str],
) -> None:
    for _ in range(5):
        await parts.create({"sample_id": (await make_sample()).id})
    for limit in (1, 5):
        session.expunge_all()
        statements.clear()
        page = await parts.list(SampleQuery(limit=limit, total=False))
        assert len({part.sample.name for part in page.items}) == limit
        assert len(statements) == 2


async def test_what_was_not_read_with_a_row_is_not_fetched_later(
    session: AsyncSession, make_sample: MakeSample
) -> None:
    session.add(SamplePart(sample_id=(await make_sample()).id))
    await session.commit()
    session.expunge_all()
    part = (await session.scalars(select(SamplePart))).one()
    with pytest.raises(InvalidRequestError, match="lazy='raise'"):
        _ = part.sample
