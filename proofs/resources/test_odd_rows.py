"""Rows with a value that is none break no page: SQLite stores anything anywhere.

People who edit its file do that, and programs that knew a column by another type. Other
databases refuse it, but for JSON that is no object.
"""

from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.db import dialect
from proofs.resources.answer import Resource, resources
from proofs.resources.rows import Maker

IS_LOOSE = dialect.DEFAULT_URL.startswith("sqlite")
ANYTHING = ("'none'", "7", "-0.5", "X'ff'", "'[1]'")
EVERYWHERE = ("id", "created_at", "updated_at", "row_version")


def is_safe(one: Resource, name: str) -> bool:
    """Whether SQLite takes numbers only: for the column by which it counts rows."""
    return name == "id" and one.has_integer_ids


def columns() -> list[Any]:
    """Return what can hold a value that is none, with such values."""
    odd = ANYTHING if IS_LOOSE else ("'[1]'",)
    return [
        pytest.param(one, name, odd, id=f"{one.name}-{name}")
        for one in resources()
        for name, type_ in [
            *((field.name, field.type) for field in one.fields if not field.to),
            *((name, "") for name in EVERYWHERE if not is_safe(one, name)),
        ]
        if IS_LOOSE or type_ == "json"
    ]


async def walk(maker: Maker, one: Resource, sort: str) -> list[str]:
    """Read a list a row at a time, from cursor to cursor, and return the ids."""
    ids: list[str] = []
    cursor = ""
    while True:
        url = f"{one.url}?limit=1&sort={sort}{cursor}"
        response = await maker.client.get(url)
        assert response.status_code == 200, response.text
        page = response.json()
        ids += [row["id"] for row in page["items"]]
        if not page["next_cursor"]:
            return ids
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize(("one", "name", "odd"), columns())
async def test_a_page_shows_the_other_rows(
    maker: Maker, session: AsyncSession, one: Resource, name: str, odd: tuple[str, ...]
) -> None:
    ids = [(await maker.create(one))["id"] for _ in range(len(odd) + 2)]
    first, *spoilt, last = ids
    for id_, value in zip(spoilt, odd, strict=True):
        rows = update(one.table).where(one.table.c.id == one.key({"id": id_}))
        await session.execute(rows.values({name: text(value)}))
    await session.commit()
    for sort in ("created_at", "-created_at"):
        with capture_logs() as log:
            found = await maker.found(one.url, f"sort={sort}")
        left_out = [line for line in log if line["event"] == "unreadable_row"]
        assert {first, last} <= set(found)
        assert len(found) + len(left_out) == len(ids)
        assert {first, last} <= set(await walk(maker, one, sort))
    field = next((field for field in one.fields if field.name == name), None)
    if field and field.is_sortable:
        for sort in (name, f"-{name}"):
            assert {first, last} <= set(await maker.found(one.url, f"sort={sort}"))
