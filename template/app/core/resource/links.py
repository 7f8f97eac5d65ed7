"""Links between rows: each may be linked to many others, and each of those to many."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Column, Table, delete, insert, select

from app.core.changes.etag import UNCONDITIONAL, Precondition
from app.core.errors import ConflictError
from app.core.fields.links import MAX_LINKS
from app.core.lists.chosen import ChosenIds
from app.core.lists.page import ListQuery
from app.core.resource.model import title_of
from app.core.resource.repository import EntityT, PageResult, Repository
from app.core.resource.service import ResourceService, ResourceT
from app.db.base import Key, now

QueryT = TypeVar("QueryT", bound=ListQuery)


def linked_to(query: QueryT, other_end: Column[Any], *others: Key) -> QueryT:
    """Narrow a list to rows that are linked to others, whose ids are in this column."""
    (end,) = (one for one in other_end.table.primary_key if one is not other_end)
    also = getattr(query, "id__in", None)
    found = select(end).where(other_end.in_(others))
    found = found if also is None else found.where(end.in_(also))
    names = {"table": end.table.name, "end": end.name, "other_end": other_end.name}
    ids = ChosenIds({**names, "others": others, "also": also}, found)
    return query.model_copy(update={"id__in": ids})


class LinkingRepository(Repository[EntityT]):
    """Reads and writes a table whose rows are linked to others, and the links.

    Attributes:
        links: The tables of links, by the field that has the ids of the others: rows
            are at the first end, the others at the second one.
    """

    links: ClassVar[Mapping[str, Table]]

    async def list(self, query: ListQuery) -> PageResult[EntityT]:
        """Read a page; for a field `tag_ids`, the filters are `tag_id` and its `__in`.

        Raises:
            InvalidError: If no index helps, and there are more than `max_scanned` rows.
        """
        for field, table in self.links.items():
            _, other_end = table.primary_key
            one, some = field.removesuffix("s"), f"{field.removesuffix('s')}__in"
            wanted = [[getattr(query, one, None)], getattr(query, some, None)]
            query = query.model_copy(update={one: None, some: None})
            for ids in wanted:
                if ids and ids[0]:
                    query = linked_to(query, other_end, *ids)
        return await super().list(query)

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row and its links."""
        own = {name: one for name, one in values.items() if name not in self.links}
        entity: EntityT = self.model(**{**own, **self._within})
        self._session.add(entity)
        await self._session.flush()
        for field in self.links:
            await self._replace(entity, field, set(), set(values.get(field, ())))
        return await super().update(entity, {})

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns and links of a row; other links are another version of it."""
        changed = {name: one for name, one in values.items() if name not in self.links}
        for field in self.links.keys() & values.keys():
            former, ids = set(getattr(entity, field)), set(values[field])
            if former != ids:
                await self._replace(entity, field, former, ids)
                changed["updated_at"] = now()
        return await super().update(entity, changed)

    async def _replace(
        self, entity: EntityT, field: str, former: set[Key], ids: set[Key]
    ) -> None:
        table = self.links[field]
        end, other_end = table.primary_key
        if gone := former - ids:
            lost = delete(table).where(end == entity.id, other_end.in_(gone))
            await self._session.execute(lost)
        if new := sorted(ids - former):
            rows = [{end.name: entity.id, other_end.name: other} for other in new]
            await self._session.execute(insert(table), rows)


class LinkingService(ResourceService[ResourceT]):
    """The service of a resource whose rows are linked to others.

    What is linked already stays so, whether it is hidden meanwhile or not.

    Attributes:
        links: What reads that to which a field links, by the name of the field.
    """

    links: ClassVar[Mapping[str, type[Repository[Any]]]]

    async def create(self, data: Any) -> ResourceT:
        """Insert a row and its links.

        Raises:
            ConflictError: If what it is linked to does not exist, in the same scope.
        """
        for field in self.links:
            await self._find(field, set(getattr(data, field)))
        return await super().create(data)

    async def check_change(self, row: ResourceT, values: Mapping[str, Any]) -> None:
        """Make sure that what is linked anew exists, and is not the row itself.

        Raises:
            ConflictError: If it does not exist, or is the row itself.
        """
        await super().check_change(row, values)
        for field in self.links.keys() & values.keys():
            if row.id in values[field]:
                message = f"A {title_of(type(row))} cannot be linked to itself."
                raise ConflictError(message, field=field)
            await self._find(field, set(values[field]) - set(getattr(row, field)))

    async def link(
        self,
        entity_id: Key,
        field: str,
        other_id: Key,
        precondition: Precondition = UNCONDITIONAL,
    ) -> ResourceT:
        """Link a row to another one, unless it is.

        Raises:
            NotFoundError: If there is no such row, or it is outside the scope.
            PreconditionFailedError: If it has changed since the client read it.
            ConflictError: If it has too many links, or the other one does not exist.
        """
        row = await self.get(entity_id, precondition)
        ids = {*getattr(row, field), other_id}
        if len(ids) > MAX_LINKS:
            raise ConflictError(f"There can be {MAX_LINKS} at most.", field=field)
        return await self._change(row, {field: sorted(ids)})

    async def unlink(
        self,
        entity_id: Key,
        field: str,
        other_id: Key,
        precondition: Precondition = UNCONDITIONAL,
    ) -> ResourceT:
        """Take the link of a row to another one away, if there is one.

        Raises:
            NotFoundError: If there is no such row, or it is outside the scope.
            PreconditionFailedError: If it has changed since the client read it.
        """
        row = await self.get(entity_id, precondition)
        ids = [one for one in getattr(row, field) if one != other_id]
        return await self._change(row, {field: ids})

    async def _change(self, row: ResourceT, values: dict[str, Any]) -> ResourceT:
        await self.check(values)
        await self.check_change(row, values)
        return await self._rows.update(row, values)

    async def _find(self, field: str, ids: Collection[Key]) -> None:
        """Raise `ConflictError` if there is not a row for each id."""
        if not ids:
            return
        others = self.links[field](self._session, self._scope)
        query = ListQuery(sort="id", limit=len(ids), total=False)
        page = await others.list(query.model_copy(update={"id__in": sorted(ids)}))
        if missing := sorted(set(ids) - {other.id for other in page.items}):
            message = f"There is no such {title_of(others.model)}: {missing[0]}."
            raise ConflictError(message, field=field)
