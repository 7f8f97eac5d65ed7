"""Pages that begin where another one ended."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic_core import to_json
from sqlalchemy import BigInteger, Date, Double, Integer, Numeric, String, Uuid
from sqlalchemy.types import TypeEngine

from app.core.errors import InvalidError
from app.core.lists.page import MAX_CURSOR_LENGTH
from app.core.lists.sql import (
    MESSAGE,
    adapter_of,
    cursor_after,
    digest_of,
    sort_keys_of,
)
from app.db.base import UTCDateTime
from proofs.fixtures.sample import MakeSample
from proofs.sample.crud import SampleRepository
from proofs.sample.models import Sample, SamplePart
from proofs.sample.schemas import SampleQuery

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("Ant", "bee", "Éclair", "dog", "Elk", "漢字", "g'")


@pytest.fixture
async def samples(
    make_sample: MakeSample, sample_repository: SampleRepository
) -> SampleRepository:
    """Give the repository, with samples of which some are equal in one thing or the other."""
    for number, name in enumerate(NAMES):
        amount, created_at = (
            Decimal(number % 3),
            START + timedelta(microseconds=number // 2),
        )
        await make_sample(name=name, amount=amount, created_at=created_at)
    return sample_repository


async def follow(samples: SampleRepository, query: SampleQuery) -> list[str]:
    """Read all pages, each from the cursor of the one before."""
    page = await samples.list(query)
    names = [sample.name for sample in page.items]
    while page.next_cursor and len(names) <= len(NAMES):
        page = await samples.list(query.model_copy(update={"cursor": page.next_cursor}))
        names += [sample.name for sample in page.items]
    return names


@pytest.mark.parametrize("limit", [1, 2, 6, 7])
@pytest.mark.parametrize(
    "sort",
    [
        "created_at",
        "-created_at",
        "name",
        "-name",
        "amount",
        "-amount,name",
        "amount,-name",
        "-amount,-created_at",
        "amount,-created_at,name",
        "created_at,amount,-updated_at",
        "amount,-amount",
    ],
)
async def test_pages_meet_every_row_once_and_in_order(
    samples: SampleRepository, sort: str, limit: int
) -> None:
    expected = [
        sample.name for sample in (await samples.list(SampleQuery(sort=sort))).items
    ]
    assert sorted(expected) == sorted(NAMES)
    assert await follow(samples, SampleQuery(sort=sort, limit=limit)) == expected


@pytest.mark.parametrize(
    ("sort", "directions"),
    [("name", [False] * 2), ("-name", [True] * 2), ("-name,rank", [1, 0, 0])],
)
def test_the_id_that_decides_between_equals_goes_the_way_of_the_index(
    sort: str, directions: list[bool]
) -> None:
    assert [key.is_descending for key in sort_keys_of(Sample, sort)] == directions


async def test_rows_that_come_and_go_move_no_page(
    samples: SampleRepository, make_sample: MakeSample
) -> None:
    query = SampleQuery(sort="created_at", limit=3)
    page = await samples.list(query)
    for moment in (START - timedelta(days=1), START + timedelta(days=1)):
        await make_sample(name=str(moment), created_at=moment)
    for sample in page.items:
        await samples.delete(sample)
    rest = await follow(samples, query.model_copy(update={"cursor": page.next_cursor}))
    assert rest == [*NAMES[3:], str(START + timedelta(days=1))]


async def test_the_last_page_leads_nowhere(samples: SampleRepository) -> None:
    page = await samples.list(SampleQuery(limit=len(NAMES)))
    assert (page.has_more, page.next_cursor) == (False, None)


async def test_a_page_from_a_cursor_is_never_counted(
    samples: SampleRepository, statements: list[str]
) -> None:
    first = await samples.list(SampleQuery(limit=2))
    statements.clear()
    page = await samples.list(SampleQuery(limit=2, cursor=first.next_cursor))
    assert (page.total, page.skip, len(page.items), page.has_more) == (None, 0, 2, True)
    assert len(statements) == 1


async def test_filters_go_on(samples: SampleRepository) -> None:
    query = SampleQuery(
        sort="name", limit=1, name__contains="E", amount__lte=Decimal(1)
    )
    assert await follow(samples, query) == ["bee", "Elk"]


LACKING = [None, 2, 1, None, 2, None, 1]
"""Ranks of the samples, by their names."""


@pytest.fixture
async def ranked(
    make_sample: MakeSample, sample_repository: SampleRepository
) -> SampleRepository:
    """Give the repository, with samples of which some have no rank."""
    for number, (name, rank) in enumerate(zip(NAMES, LACKING, strict=True)):
        amount = Decimal(number % 2)
        await make_sample(name=name, rank=rank, amount=amount, created_at=START)
    return sample_repository


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("rank", [2, 6, 1, 4, 0, 3, 5]),
        ("-rank", [4, 1, 6, 2, 5, 3, 0]),
        ("rank,-created_at", [6, 2, 4, 1, 5, 3, 0]),
        ("amount,rank", [2, 6, 4, 0, 1, 3, 5]),
        ("-amount,-rank", [1, 5, 3, 4, 6, 2, 0]),
        ("-rank,amount,rank", [4, 1, 2, 6, 0, 3, 5]),
        ("created_at,-rank", [4, 1, 6, 2, 5, 3, 0]),
    ],
)
async def test_rows_without_a_value_come_last(
    ranked: SampleRepository, sort: str, expected: list[int], limit: int
) -> None:
    names = [NAMES[number] for number in expected]
    assert await follow(ranked, SampleQuery(sort=sort, limit=limit)) == names
    for skip in range(len(NAMES) + 2):
        page = await ranked.list(SampleQuery(sort=sort, limit=limit, skip=skip))
        found = [sample.name for sample in page.items]
        assert found == names[skip : skip + limit]
        assert (page.total, page.has_more) == (7, skip + limit < 7)


@pytest.mark.parametrize("key", ["rank", "-rank"])
async def test_who_filters_gets_all_that_lack_a_value(
    ranked: SampleRepository, key: str
) -> None:
    query = SampleQuery(sort=key, limit=1, name__in=["ant", "dog", "漢字"])
    assert sorted(await follow(ranked, query)) == ["Ant", "dog", "漢字"]
    query = SampleQuery(sort=key, limit=1, rank__gte=2)
    assert sorted(await follow(ranked, query)) == ["Elk", "bee"]


@pytest.mark.parametrize("values", [[None, str(START), 1], ["1", None, UUID(int=1)]])
async def test_what_has_a_value_always_is_never_missing_in_a_cursor(
    samples: SampleRepository, values: list[Any]
) -> None:
    query = SampleQuery(sort="rank,created_at")
    with pytest.raises(InvalidError):
        await samples.list(query.model_copy(update={"cursor": forge(query, values)}))


def test_a_cursor_that_no_address_could_hold_is_none() -> None:
    sample = Sample(id=uuid4(), name="x" * MAX_CURSOR_LENGTH)
    assert cursor_after(sample, SampleQuery(sort="name")) is None


def forge(query: SampleQuery, values: Any, model: type[Any] = Sample) -> str:
    """Make a cursor up, as anybody can who reads this code."""
    text = values if isinstance(values, bytes) else to_json(values)
    return urlsafe_b64encode(digest_of(model, query) + text).decode().rstrip("=")


def changed(cursor: str) -> list[str]:
    """Give what is almost a cursor."""
    return [
        cursor[:-1],
        cursor[1:],
        cursor[:12],
        cursor.swapcase(),
        cursor + "AA",
        "A",
        "AAAA",
    ]


async def test_a_cursor_continues_its_own_list_only(samples: SampleRepository) -> None:
    query = SampleQuery(sort="amount", limit=2, name__in=list(NAMES))
    cursor = (await samples.list(query)).next_cursor
    assert cursor
    others: tuple[dict[str, Any], ...] = (
        {"sort": "-amount"},
        {"sort": "amount,name"},
        {"name__in": None},
        {"name__in": ["Ant"]},
        {"is_hot": False},
        *({"cursor": wrong} for wrong in changed(cursor)),
    )
    for other in others:
        with pytest.raises(InvalidError) as caught:
            await samples.list(query.model_copy(update={"cursor": cursor} | other))
        assert caught.value.fields == {"cursor": [MESSAGE]}


async def test_a_cursor_of_another_table_is_none(samples: SampleRepository) -> None:
    query = SampleQuery(sort="created_at")
    own, other = (
        forge(query, [START, UUID(int=0)], model) for model in (Sample, SamplePart)
    )
    assert len(
        (await samples.list(query.model_copy(update={"cursor": own}))).items
    ) == len(NAMES)
    with pytest.raises(InvalidError):
        await samples.list(query.model_copy(update={"cursor": other}))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            String(9),
            ['"a"', '""', '"é"'],
            ['"\\u0000"', '"\\ud800"', "1", '["a"]'],
        ),
        (Integer(), ["-2147483648", "0"], ["2147483648", "1.5", '"1"', "true", "1e99"]),
        (BigInteger(), ["9223372036854775807"], ["9223372036854775808"]),
        (
            Numeric(4, 2),
            ['"-99.99"', '"0.1"'],
            ['"100.00"', '"0.001"', '"NaN"', '"1e999999999"'],
        ),
        (
            Double(),
            ["1.5", "-1e308", "3"],
            ["NaN", "Infinity", "1e999", '"1.5"'],
        ),
        (
            Date(),
            ['"2026-01-31"'],
            ['"2026-02-30"', '"2026-01-31T00:00:00Z"', "1", '"now"'],
        ),
        (
            UTCDateTime(),
            ['"2026-01-31T12:00:00.123456Z"'],
            ['"2026-01-31T12:00:00"', '"0001-01-01T00:00:00+01:00"', "1769860800"],
        ),
        (Uuid(), [f'"{UUID(int=7)}"'], ['"7"', "7"]),
    ],
)
def test_a_cursor_holds_only_what_its_columns_can(
    kind: TypeEngine[Any], good: list[str], bad: list[str]
) -> None:
    adapter = adapter_of((kind,))
    for text in good:
        adapter.validate_json(f"[{text}]")
    for text in [*bad, "", "1,1", f"{good[0]},1"]:
        with pytest.raises(ValueError):  # noqa: PT011  (whatever it says)
            adapter.validate_json(f"[{text}]")


@pytest.mark.parametrize(
    "values", [b"", b"[]", b"{}", b"null", b"[1]", b"\xff", b"[" * 5000]
)
async def test_a_cursor_that_was_made_up_is_refused(
    samples: SampleRepository, values: bytes
) -> None:
    query = SampleQuery(sort="name")
    with pytest.raises(InvalidError):
        await samples.list(query.model_copy(update={"cursor": forge(query, values)}))
