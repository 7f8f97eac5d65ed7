"""Moves all rows of a SQLite file into the database of the settings, or none."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import app.features
import app.models  # noqa: F401  (both register their tables)
from app.config import load_settings
from app.db.base import Base
from app.db.session import open_engine

AT_ONCE = 1000
REVISION = sa.text("SELECT version_num FROM alembic_version")


def read(source: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    """Return the rows of a table, some at a time; times are in UTC."""
    rows = source.execute(sa.select(table).order_by(*table.primary_key))
    names = table.columns.keys()
    for part in rows.partitions(AT_ONCE):
        yield [dict(zip(names, map(in_utc, row), strict=True)) for row in part]


def in_utc(value: object) -> object:
    """Add the time zone, which SQLite does not keep: the application writes UTC."""
    is_naive = isinstance(value, datetime) and value.tzinfo is None
    return value.replace(tzinfo=UTC) if is_naive else value  # type: ignore[attr-defined]


async def move(source: sa.Connection, target: AsyncConnection) -> int:
    """Insert all rows, and return how many that are.

    Rows may refer to others of their table, which come later: they get that at the end.
    """
    moved = 0
    for table in Base.metadata.sorted_tables:
        own = [
            column
            for column in table.columns
            if any(key.column.table is table for key in column.foreign_keys)
        ]
        for rows in read(source, table):
            loose = {column.key: None for column in own if column.nullable}
            await target.execute(sa.insert(table), [row | loose for row in rows])
            moved += len(rows)
        # An update must not count as one of today.
        kept = own and [*own, *(column for column in table.columns if column.onupdate)]
        for rows in read(source, table) if own else ():
            for row in rows:
                known = [column == row[column.key] for column in table.primary_key]
                values = {column.key: row[column.key] for column in kept}
                await target.execute(sa.update(table).where(*known).values(values))
        await compare(source, target, table)
        await go_on(source, target, table)
    return moved


async def compare(
    source: sa.Connection, target: AsyncConnection, table: sa.Table
) -> None:
    """Raise `SystemExit` unless there are as many rows on both sides."""
    number = sa.select(sa.func.count()).select_from(table)
    before, after = source.scalar(number), await target.scalar(number)
    if before != after:
        sys.exit(f"{table.name}: {before} rows there, {after} here; nothing was moved.")


async def go_on(
    source: sa.Connection, target: AsyncConnection, table: sa.Table
) -> None:
    """Have PostgreSQL count ids from where SQLite was; MySQL counts from the last."""
    key = table.autoincrement_column
    if key is None or target.dialect.name != "postgresql":
        return
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    if number := source.scalar(last, {"name": table.name}):
        counter = sa.func.pg_get_serial_sequence(f'"{table.name}"', key.name)
        last_given = sa.literal(number, sa.BigInteger)
        await target.execute(sa.select(sa.func.setval(counter, last_given)))


async def check(source: sa.Connection, target: AsyncConnection) -> None:
    """Raise `SystemExit` unless both have the same schema, and the target no rows."""
    there, here = source.scalar(REVISION), await target.scalar(REVISION)
    if there != here:
        sys.exit(f"Migrate both first: the file is at {there}, the database at {here}.")
    for table in Base.metadata.sorted_tables:
        if await target.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
            sys.exit(f"The database must be empty: {table.name} has rows.")


async def run(file: sa.Engine) -> int:
    """Write the database in one transaction, and return how many rows that are."""
    settings = load_settings()
    url = settings.database_url.get_secret_value()
    async with open_engine(url, settings.database) as engine, engine.begin() as target:
        with file.connect() as source:
            await check(source, target)
            return await move(source, target)


def main(path: Path) -> None:
    """Read the file; it is not changed."""
    if not path.is_file():
        sys.exit(f"There is no {path}.")
    file = sa.create_engine(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true")
    moved = asyncio.run(run(file))
    print(f"Moved {moved} rows of {len(Base.metadata.sorted_tables)} tables.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
