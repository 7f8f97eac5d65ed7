"""The queries that every table needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Delete, Select, Update, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.interfaces import ORMOption

from app.core.errors import InvalidError
from app.core.lists.page import ListQuery
from app.core.lists.sql import cursor_after, is_scan, parts_of, read_rows, where_clauses
from app.db.base import Base, Entity, Key

TOO_MANY = (
    "There are too many entries for this: sort by a key that has an index, and filter "
    "by the same one, or by exact values."
)
PART = 1000
"""Rows that are changed at once, where they may be many."""


@dataclass(frozen=True)
class Scope:
    """For whom rows are read and written: for nobody where callers are not known."""

    owner_id: UUID | None = None

    def values(self, model: type[Base]) -> dict[str, Any]:
        """Return the values, by column, that all rows of a table have in this scope.

        Raises:
            RuntimeError: If the rows have owners, and the scope has none.
        """
        if "owner_id" not in model.__table__.columns:
            return {}
        if self.owner_id is None:
            raise RuntimeError(f"{model.__name__} has owners: its scope must name one.")
        return {"owner_id": self.owner_id}


async def change(session: AsyncSession, statement: Update | Delete) -> int:
    """Update or delete rows; return how many that were."""
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", await session.execute(statement)).rowcount


async def change_part(session: AsyncSession, statement: Update | Delete) -> bool:
    """Update or delete a part of many rows; return whether there may be more.

    In a transaction for each part, others do not wait for all of them.
    """
    key, where = next(iter(statement.table.primary_key)), statement.whereclause
    found = select(key).limit(PART)
    found = found if where is None else found.where(where)
    keys = (await session.scalars(found)).all()
    await change(session, statement.where(key.in_(keys)))
    return len(keys) == PART


class Table:
    """Reads and writes one table in a unit of work."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session


EntityT = TypeVar("EntityT", bound=Entity)


@dataclass(frozen=True)
class PageResult(Generic[EntityT]):
    """A part of a table; see `app.core.lists.page.Page`."""

    items: Sequence[EntityT]
    total: int | None
    skip: int
    limit: int
    has_more: bool
    next_cursor: str | None


class Repository(Generic[EntityT]):
    """Reads and writes one table; flushes, but leaves the commit to the request.

    What a constraint refuses is a `DBAPIError`, which becomes 409.

    Rows outside of its scope do not exist for it, and what it inserts lies inside. Two
    coroutines must not use it at once: never in `asyncio.gather` or a task group.

    Attributes:
        loading: What is read with every row: `selectinload(...)` of what its schema
            shows.
        max_scanned: Rows that are counted, or looked at where no index helps; with more
            of them, such a sort or filter is refused. `None` is any number.
    """

    model: ClassVar[type[Any]]
    loading: ClassVar[Sequence[ORMOption]] = ()
    max_scanned: ClassVar[int | None] = 100_000

    def __init__(self, session: AsyncSession, scope: Scope) -> None:
        self._session = session
        self._within = scope.values(self.model)

    def _select(self, *conditions: ColumnElement[bool]) -> Select[EntityT]:
        return select(self.model).filter_by(**self._within).where(*conditions)

    async def get(self, entity_id: Key, *, for_update: bool = False) -> EntityT | None:
        """Find a row by its id; `for_update` reads it anew, and locks it."""
        statement = self._select(self.model.id == entity_id).options(*self.loading)
        if for_update:
            statement = statement.with_for_update()
        return await self._session.scalar(
            statement, execution_options={"populate_existing": for_update}
        )

    async def list(self, query: ListQuery) -> PageResult[EntityT]:
        """Read a page.

        One row more than asked for tells whether there is a next page. Rows are counted
        only if the page does not show their number by itself: counting costs more than
        the page.

        Raises:
            InvalidError: If no index helps, and there are more than `max_scanned` rows.
        """
        model: type[Entity] = self.model
        if is_scan(model, query) and await self._count(self._select()) is None:
            raise InvalidError(TOO_MANY, fields={"sort": [TOO_MANY]})
        matching = self._select(*where_clauses(model, query))
        rows, skip = list[EntityT](), query.skip
        for part in parts_of(matching.options(*self.loading), model, query):
            most = query.limit + 1 - len(rows)
            rows += await read_rows(self._session, part, skip, most)
            if len(rows) > query.limit:
                break
            if skip:
                skip -= skip if rows else await self._count(part, skip) or 0
        items, has_more = rows[: query.limit], len(rows) > query.limit
        next_cursor = cursor_after(items[-1], query) if has_more else None
        total = None
        if not query.cursor and not has_more and (rows or not query.skip):
            total = query.skip + len(rows)
        elif not query.cursor and query.total:
            total = await self._count(matching)
        return PageResult(items, total, query.skip, query.limit, has_more, next_cursor)

    async def _count(self, matching: Select[EntityT], most: int = 0) -> int | None:
        """Count rows; `None` if there are more than `most`, or `max_scanned`."""
        limit = most or self.max_scanned
        ids = matching.with_only_columns(self.model.id).limit(limit and limit + 1)
        counted = select(func.count()).select_from(ids.subquery())
        number = (await self._session.scalars(counted)).one()
        return number if limit is None or number <= limit else None

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row."""
        entity: EntityT = self.model(**{**values, **self._within})
        self._session.add(entity)
        return await self.update(entity, {})

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns of a row."""
        for name, value in values.items():
            setattr(entity, name, value)
        await self._session.flush()
        if self.loading:
            # What it refers to may be another row than before.
            statement = self._select(self.model.id == entity.id).options(*self.loading)
            await self._session.execute(
                statement, execution_options={"populate_existing": True}
            )
        return entity

    async def delete(self, entity: EntityT) -> None:
        """Remove a row."""
        await self._session.delete(entity)
        await self._session.flush()
