"""The queries that every table needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.filters import order_by, where_clauses
from app.db.base import Entity
from app.schemas.page import ListQuery

EntityT = TypeVar("EntityT", bound=Entity)


@dataclass(frozen=True)
class Listing(Generic[EntityT]):
    """A part of a table; see `app.schemas.page.Page`."""

    items: Sequence[EntityT]
    total: int | None
    skip: int
    limit: int
    has_more: bool


class Repository(Generic[EntityT]):
    """Reads and writes one table; flushes, but leaves the commit to the request.

    Args:
        session: The request's session. It must not be used by two coroutines at once:
            never in `asyncio.gather` or a task group.
        scope: Values by column that every row has which is read or written here: rows outside
            the scope do not exist for this repository.
    """

    model: ClassVar[type[Any]]

    def __init__(self, session: AsyncSession, **scope: Any) -> None:
        self._session = session
        self._scope = scope

    def _select(self, *conditions: ColumnElement[bool]) -> Select[EntityT]:
        scope = (getattr(self.model, name) == value for name, value in self._scope.items())
        return select(self.model).where(*scope, *conditions)

    async def get(self, entity_id: UUID, *, for_update: bool = False) -> EntityT | None:
        """Find a row by its id.

        Args:
            entity_id: Its id.
            for_update: Whether others must wait before they change or delete it.
        """
        statement = self._select(self.model.id == entity_id)
        return await self._session.scalar(statement.with_for_update() if for_update else statement)

    async def list(self, query: ListQuery) -> Listing[EntityT]:
        """Read a page.

        One row more than asked for tells whether there is a next page. Rows are counted only if
        the page does not show their number by itself: counting costs more than the page.
        """
        matching = self._select(*where_clauses(self.model, query))
        ordered = matching.order_by(*order_by(self.model, query.sort))
        rows = await self._session.scalars(ordered.offset(query.skip).limit(query.limit + 1))
        items = rows.all()
        has_more = len(items) > query.limit
        total: int | None = query.skip + len(items)
        if has_more or (query.skip and not items):
            total = await self.count(query) if query.total else None
        return Listing(items[: query.limit], total, query.skip, query.limit, has_more)

    async def count(self, query: ListQuery) -> int:
        """Count the rows that a query matches, on all its pages."""
        matching = self._select(*where_clauses(self.model, query))
        statement = matching.with_only_columns(func.count(), maintain_column_froms=True)
        return (await self._session.scalars(statement)).one()

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row.

        Raises:
            DBAPIError: If a constraint refuses it; becomes 409.
        """
        entity: EntityT = self.model(**{**values, **self._scope})
        self._session.add(entity)
        await self._session.flush()
        return entity

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns of a row.

        Raises:
            DBAPIError: If a constraint refuses it; becomes 409.
        """
        for name, value in values.items():
            setattr(entity, name, value)
        await self._session.flush()
        return entity

    async def delete(self, entity: EntityT) -> None:
        """Remove a row.

        Raises:
            DBAPIError: If other rows refer to it; becomes 409.
        """
        await self._session.delete(entity)
        await self._session.flush()
