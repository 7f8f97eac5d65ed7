"""Answers that embed what rows refer to, if a client asks for it."""

from collections.abc import Collection, Sequence
from typing import Any

from app.core.lists.page import ListQuery
from app.core.resource.references import ReferringService
from app.core.resource.repository import PageResult
from app.core.resource.service import ResourceT
from app.db.base import Key


class IncludingService(ReferringService[ResourceT]):
    """The service of a resource whose answers embed what rows refer to, on request.

    What its own endpoint would not show is null: what is deleted, or outside the scope.
    """

    async def list_page(self, query: ListQuery) -> PageResult[ResourceT]:
        """List rows, a page at a time, with what `include` asks for."""
        names = getattr(query, "include", ())
        page = await super().list_page(query.model_copy(update={"include": None}))
        await self._include(page.items, names)
        return page

    async def read(self, entity_id: Key, include: Collection[str]) -> ResourceT:
        """Find a row, with what is asked for.

        Raises:
            NotFoundError: If there is none, or it is outside the scope.
        """
        row = await self.get(entity_id)
        await self._include([row], include)
        return row

    async def _include(self, rows: Sequence[ResourceT], names: Collection[str]) -> None:
        """Let rows have an attribute `included`; a query reads what all refer to."""
        included: dict[Key, dict[str, Any]] = {row.id: {} for row in rows}
        for name in names:
            field = f"{name}_id"
            ids = {row.id: getattr(row, field) for row in rows}
            found = await self._find_all(field, set(ids.values()) - {None})
            for row_id, other_id in ids.items():
                included[row_id][name] = found.get(other_id)
        for row in rows:
            # No column, and no part of the row: the schema of the answer reads it.
            vars(row)["included"] = included[row.id] if names else None

    async def _find_all(self, field: str, ids: Collection[Any]) -> dict[Any, Any]:
        """Return the rows of these ids that are in the scope."""
        if not ids:
            return {}
        others = self.references[field](self._session, self._scope)
        query = ListQuery(sort="id", limit=len(ids), total=False)
        page = await others.list(query.model_copy(update={"id__in": sorted(ids)}))
        return {other.id: other for other in page.items}
