"""Rows with a value that is none break no page: SQLite stores anything anywhere.

People who edit its file do that, and programs that knew a column by another type. Other
databases refuse it, but for JSON that is no object.
"""

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.db import dialect
from proofs.resources.answer import Resource
from proofs.resources.rows import Maker, each_resource

IS_LOOSE = dialect.DEFAULT_URL.startswith("sqlite")
ANYTHING = ("'none'", "7", "-0.5", "X'ff'", "'[1]'")
EVERYWHERE = ("id", "created_at", "updated_at", "row_version")


def is_safe(one: Resource, name: str) -> bool:
    """Whether SQLite takes numbers only: for the column by which it counts rows."""
    return name == "id" and one.has_integer_ids


def columns(one: Resource) -> list[str]:
    """Return what can hold a value that is none."""
    fields = {field.name: field.type for field in one.fields if not field.to}
    if IS_LOOSE:
        return [*fields, *(name for name in EVERYWHERE if not is_safe(one, name))]
    return [name for name, type_ in fields.items() if type_ == "json"]


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


@each_resource
async def test_a_page_shows_the_other_rows(
    maker: Maker, session: AsyncSession, one: Resource
) -> None:
    odd = ANYTHING if IS_LOOSE else ("'[1]'",)
    ids = [(await maker.create(one))["id"] for _ in range(len(odd) + 2)]
    keys = [one.key({"id": id_}) for id_ in ids]
    for name in columns(one):
        spoilt = await session.begin_nested()
        for key, sent in zip(keys[1:-1], odd, strict=True):
            rows = update(one.table).where(one.table.c.id == key)
            await session.execute(rows.values({name: text(sent)}))
        await see_the_other_rows(maker, one, name, ids)
        await spoilt.rollback()


async def see_the_other_rows(
    maker: Maker, one: Resource, name: str, ids: list[str]
) -> None:
    """Read lists whose first and last rows alone are sound."""
    sound = {ids[0], ids[-1]}
    for sort in ("created_at", "-created_at"):
        with capture_logs() as log:
            found = await maker.found(one.url, f"sort={sort}")
        left_out = [line for line in log if line["event"] == "unreadable_row"]
        assert sound <= set(found), name
        assert len(found) + len(left_out) == len(ids), name
        assert sound <= set(await walk(maker, one, sort)), name
    field = next((field for field in one.fields if field.name == name), None)
    if field and field.is_sortable:
        for sort in (name, f"-{name}"):
            assert sound <= set(await maker.found(one.url, f"sort={sort}")), sort
