"""Rows that form trees: each may be below another one of its own kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, func, literal, select

from app.core.errors import ConflictError
from app.core.lists.page import ListQuery
from app.core.resource.references import ReferringService
from app.core.resource.repository import EntityT, PageResult, Repository
from app.core.resource.service import ResourceT
from app.db.base import Base, Key

MOST = 100
"""Levels of any tree; a search for more ends, whatever was written past the API."""


@dataclass(frozen=True)
class IdsWithin:
    """The ids of a row and all that is below it, as the filter `parent_id__in`.

    It is made of plain values, as a cursor is tied to them.
    """

    table: str
    parent: str
    top: Key
    also: Any

    def __clause_element__(self) -> Select[Any]:
        """Return the query that finds them: SQLAlchemy asks for it."""
        rows = Base.metadata.tables[self.table].c
        within = select(rows.id).where(rows.id == self.top).cte(recursive=True)
        below = select(rows.id).join(within, rows[self.parent] == within.c.id)
        ids = within.union(below).c.id
        found = select(ids)
        return found if self.also is None else found.where(ids.in_(self.also))


class TreeRepository(Repository[EntityT]):
    """Reads and writes a table whose rows form trees.

    Attributes:
        tree: The column that refers to the row above.
    """

    tree: ClassVar[str]

    async def list(self, query: ListQuery) -> PageResult[EntityT]:
        """Read a page; `parent_id__within` finds what is below a row, at any depth.

        Raises:
            InvalidError: If no index helps, and there are more than `max_scanned` rows.
        """
        within, some = f"{self.tree}__within", f"{self.tree}__in"
        if top := getattr(query, within, None):
            also = getattr(query, some, None)
            ids = IdsWithin(self.model.__tablename__, self.tree, top, also)
            query = query.model_copy(update={within: None, some: ids})
        return await super().list(query)

    async def ancestors(self, entity: EntityT) -> Sequence[EntityT]:
        """Find the rows above one, from the top down; those that are hidden lead on."""
        rows: Any = self.model.__table__.c
        parent = rows[self.tree]
        first = select(rows.id, parent, literal(0).label("steps"))
        above = first.where(rows.id == getattr(entity, self.tree)).cte(recursive=True)
        further = select(rows.id, parent, above.c.steps + 1).where(above.c.steps < MOST)
        above = above.union_all(further.join(above, rows.id == above.c[self.tree]))
        found = self._select().join(above, above.c.id == self.model.id)
        found = found.order_by(above.c.steps.desc()).options(*self.loading)
        return (await self._session.scalars(found)).all()

    async def height(self, entity: EntityT) -> int:
        """Return how many levels there are from a row down to the last one below it."""
        rows: Any = self.model.__table__.c
        first = select(rows.id, literal(1).label("level")).where(rows.id == entity.id)
        below = first.cte(recursive=True)
        further = select(rows.id, below.c.level + 1).where(below.c.level < MOST)
        further = further.join(below, rows[self.tree] == below.c.id)
        deepest = select(func.max(below.union_all(further).c.level))
        number: int = (await self._session.scalars(deepest)).one()
        return number


class TreeService(ReferringService[ResourceT]):
    """The service of a resource whose rows form trees.

    Attributes:
        levels: How many there can be, from a row that is below none to the last one.
    """

    repository: ClassVar[type[TreeRepository[Any]]]
    levels: ClassVar[int]
    _rows: TreeRepository[ResourceT]

    async def ancestors(self, entity_id: Key) -> Sequence[ResourceT]:
        """List the rows above one, from the top down.

        Raises:
            NotFoundError: If there is no such row, or it is outside the scope.
        """
        return await self._rows.ancestors(await self.get(entity_id))

    async def check(self, values: dict[str, Any]) -> None:
        """Make sure that there is a level for a row.

        Raises:
            ConflictError: If the row above has none below it.
        """
        await super().check(values)
        await self._require_levels(values.get(self._rows.tree), 1)

    async def check_change(self, row: ResourceT, values: Mapping[str, Any]) -> None:
        """Make sure that there are levels for a row that moves, and all below it.

        Raises:
            ConflictError: If there are too few, or the row would be below itself.
        """
        await super().check_change(row, values)
        tree = self._rows.tree
        parent = values.get(tree)
        if parent not in (None, getattr(row, tree)):
            await self._require_levels(parent, await self._rows.height(row))

    async def _require_levels(self, parent: Key | None, number: int) -> None:
        above = await self.path(self._rows.model, self._rows.tree, parent)
        if len(above) + number > self.levels:
            message = f"There can be {self.levels} levels at most."
            raise ConflictError(message, field=self._rows.tree)
