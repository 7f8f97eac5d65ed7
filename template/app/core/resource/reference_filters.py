"""Lists that are filtered by fields of what their rows refer to."""

from typing import Any, TypeVar

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import RelationshipProperty

from app.core.errors import InvalidError
from app.core.lists.chosen import ChosenIds
from app.core.lists.page import ListQuery
from app.core.lists.sql import filters_of, is_scan, where_clauses
from app.core.resource.repository import TOO_MANY, EntityT, PageResult, Repository

MANY = 1000
"""Rows that are referred to; what refers to more of them is no small part of a list."""

QueryT = TypeVar("QueryT", bound=ListQuery)


class ReferringRepository(Repository[EntityT]):
    """Reads a table, by fields of what its rows refer to as well.

    A filter `customer__country` is one by `country` of what `customer_id` refers to: it
    is in the same scope, and may be marked as deleted since.
    """

    async def list(self, query: ListQuery) -> PageResult[EntityT]:
        """Read a page.

        Raises:
            InvalidError: If no index helps, and there are more than `max_scanned` rows,
                here or in the other table.
        """
        for reference in inspect(self.model).relationships:
            prefix = f"{reference.key}__"
            filters = {
                name.removeprefix(prefix): value
                for name, value in filters_of(query).items()
                if name.startswith(prefix)
            }
            if filters:
                query = await self._narrow(query, reference, filters)
        return await super().list(query)

    async def _narrow(
        self,
        query: QueryT,
        reference: RelationshipProperty[Any],
        filters: dict[str, Any],
    ) -> QueryT:
        (column,) = reference.local_columns
        target = reference.mapper.class_
        names = [f"{reference.key}__{field}" for field in filters]
        for way in ("", "__in"):
            if ids := getattr(query, f"{column.key}{way}", None):
                filters[f"id{way}"] = ids
        wanted = ListQuery(sort="id").model_copy(update=filters)
        columns = target.__table__.columns
        within = {key: one for key, one in self._within.items() if key in columns}
        rows = select(target.id).filter_by(**within)
        found = rows.where(*where_clauses(target, wanted))
        query = query.model_copy(update=dict.fromkeys(names))
        others = query.model_copy(update={f"{column.key}__ne": names})
        is_refused = is_scan(target, wanted) and await self._has_more(rows)
        if not is_refused and is_scan(self.model, others):
            own = self._select().with_only_columns(self.model.id)
            is_long = await self._has_more(own)
            is_refused = is_long and await self._has_more(found, MANY)
        if is_refused:
            raise InvalidError(TOO_MANY, fields={one: [TOO_MANY] for one in names})
        return query.model_copy(update={f"{column.key}__in": ChosenIds(filters, found)})

    async def _has_more(self, rows: Select[Any], most: int | None = None) -> bool:
        """Return whether there are more rows than so many, or than `max_scanned`."""
        if self.max_scanned is None:
            return False
        one = rows.offset(self.max_scanned if most is None else most).limit(1)
        return (await self._session.scalars(one)).first() is not None
