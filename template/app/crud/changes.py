"""Changes of rows that are not loaded first."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.ext.asyncio import AsyncSession


async def change(session: AsyncSession, statement: Update | Delete) -> int:
    """Update or delete rows; return how many that were."""
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", await session.execute(statement)).rowcount
