"""Deleting what belongs to a user."""

from uuid import UUID

from sqlalchemy import Table, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.changes import change
from app.db.base import Base


async def delete_owned(session: AsyncSession, owner_id: UUID) -> None:
    """Delete all rows of a user.

    Rows go before those that they refer to. A cascade from the user would not care, and some
    databases check each row that it takes at once.
    """
    for table in owned_tables():
        is_owned = table.c.owner_id == owner_id
        if links := links_within(table):
            loose = dict.fromkeys(links)
            await change(session, update(table).where(is_owned).values(loose))
        await change(session, delete(table).where(is_owned))


def owned_tables() -> list[Table]:
    """Give the tables whose rows have owners, children before their parents."""
    tables = reversed(Base.metadata.sorted_tables)
    return [table for table in tables if "owner_id" in table.columns]


def links_within(table: Table) -> list[str]:
    """Name the columns by which rows may refer to others of the same table."""
    return [
        column.name
        for column in table.columns
        if column.nullable and any(key.column.table is table for key in column.foreign_keys)
    ]
