"""Lists of every resource, proven on samples."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx2
import pytest

from proofs.fixtures.sample import MakeSample

URL = "/samples"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def _samples(make_sample: MakeSample) -> None:
    amounts = {"Ant": "3", "bee": "1", "Cat": "2", "dog": "2", "Elk_1": "5"}
    for day, (name, amount) in enumerate(amounts.items()):
        await make_sample(
            name=name,
            amount=Decimal(amount),
            is_hot=name == "bee",
            rank=day or None,
            created_at=START + timedelta(days=day),
        )


async def names(client: httpx2.AsyncClient, query: str) -> list[str]:
    response = await client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.text
    return [sample["name"] for sample in response.json()["items"]]


async def test_the_newest_comes_first(client: httpx2.AsyncClient) -> None:
    assert await names(client, "") == ["Elk_1", "dog", "Cat", "bee", "Ant"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=created_at", ["Ant", "bee", "Cat", "dog", "Elk_1"]),
        ("sort=-name", ["Elk_1", "dog", "Cat", "bee", "Ant"]),
        ("sort=-amount,created_at", ["Elk_1", "Ant", "Cat", "dog", "bee"]),
        ("sort=amount,-created_at", ["bee", "dog", "Cat", "Ant", "Elk_1"]),
        ("name__contains=E", ["Elk_1", "bee"]),
        ("name__contains=_", ["Elk_1"]),
        ("name__contains=%25", []),
        ("name__contains=ÉL", []),
        ("amount__gte=2&amount__lte=3&sort=created_at", ["Ant", "Cat", "dog"]),
        ("name__in=BEE&name__in=dog", ["dog", "bee"]),
        ("rank__gte=2&rank__lte=3&sort=rank", ["Cat", "dog"]),
        ("rank__in=1&rank__in=4&rank__in=7&sort=-rank", ["Elk_1", "bee"]),
        ("is_hot=true", ["bee"]),
        ("is_hot=false&sort=name", ["Ant", "Cat", "dog", "Elk_1"]),
        (
            "created_at__gte=2026-01-03T00:00:00Z&created_at__lt=2026-01-04T00:00:00Z",
            ["Cat"],
        ),
        ("created_at__gte=2026-01-05T01:30:00%2B01:30", ["Elk_1"]),
        ("updated_at__gte=2999-01-01T00:00:00Z", []),
    ],
)
async def test_a_list_is_sorted_and_filtered(
    client: httpx2.AsyncClient, query: str, expected: list[str]
) -> None:
    assert await names(client, query) == expected


@pytest.mark.parametrize(
    ("query", "count", "total", "has_more"),
    [
        ("", 5, 5, False),
        ("limit=2", 2, 5, True),
        ("limit=2&total=false", 2, None, True),
        ("limit=2&skip=4", 1, 5, False),
        ("limit=5", 5, 5, False),
        ("skip=9", 0, 5, False),
        ("skip=9&total=false", 0, None, False),
        ("limit=1&amount__gte=2", 1, 4, True),
    ],
)
async def test_a_page_says_what_lies_around_it(
    client: httpx2.AsyncClient,
    query: str,
    count: int,
    total: int | None,
    has_more: bool,
) -> None:
    page = (await client.get(f"{URL}?{query}")).json()
    assert (len(page["items"]), page["total"], page["has_more"]) == (
        count,
        total,
        has_more,
    )


async def test_pages_cover_the_list_without_overlap(client: httpx2.AsyncClient) -> None:
    pages = [
        await names(client, f"sort=amount&limit=2&skip={skip}") for skip in (0, 2, 4)
    ]
    assert [name for page in pages for name in page] == await names(
        client, "sort=amount"
    )


async def test_a_page_has_twenty_entries_by_default(
    client: httpx2.AsyncClient, make_sample: MakeSample
) -> None:
    for _ in range(16):
        await make_sample()
    page = (await client.get(URL)).json()
    assert (page["limit"], len(page["items"]), page["total"]) == (20, 20, 21)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("skip=-1", "skip"),
        ("skip=9223372036854775808", "skip"),
        ("skip=1" + "0" * 30, "skip"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        ("limit=9223372036854775808", "limit"),
        ("limit=1" + "0" * 30, "limit"),
        ("limit=ten", "limit"),
        ("sort=note", "sort"),
        ("sort=name;DROP TABLE samples", "sort"),
        ("sort=__class__", "sort"),
        ("sort=", "sort"),
        ("sort=name,", "sort"),
        ("sort=name%0A", "sort"),
        ("sort=name,name,name,name,name,name", "sort"),
        ("name__contains=%00", "name__contains"),
        ("name__startswith=a", "name__startswith"),
        ("metadata__contains=a", "metadata__contains"),
        ("amount__gte=cheap", "amount__gte"),
        ("rank__gte=2147483648", "rank__gte"),
        ("is_hot=2", "is_hot"),
        ("rank__in=one", "rank__in.0"),
        ("name__in=%00", "name__in.0"),
        ("&".join(["rank__in=1"] * 101), "rank__in"),
        ("created_at__gte=2026-01-01T00:00:00", "created_at__gte"),
        ("created_at__gte=0001-01-01T00:00:00%2B23:00", "created_at__gte"),
        ("created_at__lt=9999-12-31T23:59:59-23:00", "created_at__lt"),
        ("page=2", "page"),
        ("callback=alert", "callback"),
    ],
)
async def test_what_a_list_does_not_know_is_refused(
    client: httpx2.AsyncClient, query: str, field: str
) -> None:
    response = await client.get(f"{URL}?{query}")
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]
