"""What no index answers is asked of so many rows only."""

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.lists.sql import compared_column, leading_columns
from app.core.resource.repository import Scope
from proofs.fixtures.sample import MakeSample
from proofs.sample.crud import SampleRepository
from proofs.sample.models import Sample
from proofs.sample.schemas import SampleQuery

URL = "/samples"
MOST = 3
SCANS = [
    "sort=amount",
    "sort=-updated_at,name",
    "name__contains=a",
    "sort=name&name__contains=a",
    "amount__gte=1",
    "sort=name&created_at__gte=2020-01-01T00:00:00Z",
    "created_at__gte=2020-01-01T00:00:00Z&amount__gte=1",
]
INDEXED = [
    "",
    "total=false",
    "sort=name",
    "sort=-name,amount",
    "created_at__gte=2020-01-01T00:00:00Z&limit=2",
    "name__in=lamp&amount__gte=1",
    "skip=2",
]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let very few rows be many."""
    monkeypatch.setattr(SampleRepository, "max_scanned", MOST)


@pytest.mark.parametrize("query", SCANS)
async def test_a_scan_of_too_many_rows_is_refused(
    client: httpx2.AsyncClient, make_sample: MakeSample, query: str
) -> None:
    for number in range(MOST):
        await make_sample(name=f"a{number}")
    assert (await client.get(f"{URL}?{query}")).status_code == 200
    await make_sample(name="one more")
    response = await client.get(f"{URL}?{query}")
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["sort"]


@pytest.mark.parametrize("query", INDEXED)
async def test_what_an_index_answers_is_read_of_any_number(
    client: httpx2.AsyncClient, make_sample: MakeSample, query: str
) -> None:
    for number in range(MOST + 2):
        await make_sample(name=f"a{number}")
    assert (await client.get(f"{URL}?{query}")).status_code == 200


async def test_very_many_rows_are_not_counted(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    for _ in range(MOST):
        await make_sample()
    assert (await client.get(URL, params={"limit": 1})).json()["total"] == MOST
    await make_sample()
    page = (await client.get(URL, params={"limit": 1})).json()
    assert (page["total"], len(page["items"])) == (None, 1)


async def test_a_repository_says_how_many_are_many(
    session: AsyncSession, make_sample: MakeSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SampleRepository, "max_scanned", None)
    for _ in range(MOST + 1):
        await make_sample()
    samples = SampleRepository(session, Scope())
    page = await samples.list(SampleQuery(sort="amount", limit=2))
    assert page.total == MOST + 1


def test_sort_keys_say_what_has_an_index() -> None:
    sort = SampleQuery.model_fields["sort"].description or ""
    keys, _, slow = (
        part.partition(": ")[2].rstrip(".") for part in sort.partition(". ")
    )
    for key in keys.split(", "):
        is_indexed = compared_column(Sample, key).key in leading_columns(Sample)
        assert is_indexed is (key not in slow.split(", "))
