"""Rows that form trees: each may be below another one of its own kind."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import Table, func, literal, select

from app.core.errors import ConflictError
from app.core.lists.chosen import ChosenIds
from app.core.lists.page import ListQuery
from app.core.resource.references import ReferringService
from app.core.resource.repository import EntityT, PageResult, Repository
from app.core.resource.service import ResourceT
from app.db.base import Key

MOST = 100
"""Levels of any tree; a search for more ends, whatever was written past the API."""


def ids_within(table: Table, parent: str, top: Key, also: Any) -> ChosenIds:
    """Return the ids of a row and all below it, of those in `also` if that is given."""
    within = select(table.c.id).where(table.c.id == top).cte(recursive=True)
    below = select(table.c.id).join(within, table.c[parent] == within.c.id)
    ids = within.union(below).c.id
    found = select(ids) if also is None else select(ids).where(ids.in_(also))
    values = {"table": table.name, "parent": parent, "top": top, "also": also}
    return ChosenIds(values, found)


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
            ids = ids_within(self.model.__table__, self.tree, top, also)
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
