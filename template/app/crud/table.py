"""Queries for a table, where the usual ones do not fit."""

from sqlalchemy.ext.asyncio import AsyncSession


class Table:
    """Reads and writes one table in a unit of work.

    Args:
        session: The session of the unit of work.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
