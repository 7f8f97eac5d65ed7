"""Answers with all rows of a list as CSV, however many there are."""

import csv
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import TypeAdapter, WrapValidator
from starlette.responses import StreamingResponse

from app.core.csv.cells import written
from app.core.errors import InvalidError
from app.core.http.request import without_time_limit
from app.core.lists.page import ListQuery, read_known
from app.core.resource.repository import PageResult, Scope
from app.core.resource.service import ResourceService, ScopeDep
from app.core.schemas import ResponseSchema
from app.db import dialect

PART = 500
"""Rows that are read at once, and held in memory."""


class CsvResponse(StreamingResponse):
    """An answer in CSV."""

    media_type = "text/csv"


def lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows of cells as CSV."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@dataclass(frozen=True)
class Export:
    """Answers with all rows that a query finds in the caller's scope, by their ids.

    Each part has a session of its own, which ends before the part is sent: a client
    that is slow holds no connection and no transaction.
    """

    request: Request
    scope: Scope

    async def answer(
        self,
        name: str,
        schema: type[ResponseSchema],
        service: type[ResourceService[Any]],
        query: ListQuery,
    ) -> CsvResponse:
        """Begin the answer; what is wrong with the request is known before.

        Raises:
            InvalidError: If a page is asked for, or no index helps to find the rows.
        """
        about_pages = {*self.request.query_params} & {*ListQuery.model_fields}
        if about_pages:
            fields = {one: ["All rows are in it."] for one in sorted(about_pages)}
            raise InvalidError("An export has no pages.", fields=fields)
        query = query.model_copy(update={"sort": "id", "limit": PART, "total": False})
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        first = await self._read(service, query)
        parts = self._parts(schema, service, query, first)
        return CsvResponse(parts, headers=headers)

    async def _read(
        self, service: type[ResourceService[Any]], query: ListQuery
    ) -> PageResult[Any]:
        async with self.request.app.state.sessions.begin() as session:
            dialect.only_read(session)
            return await service(session, self.scope).list_page(query)

    async def _parts(
        self,
        schema: type[ResponseSchema],
        service: type[ResourceService[Any]],
        query: ListQuery,
        page: PageResult[Any],
    ) -> AsyncIterator[bytes]:
        names, adapter = columns_of(schema), adapter_of(schema)
        yield lines([names])
        while True:
            shown = adapter.validate_python(page.items)
            dumped = [one.model_dump(mode="json", include={*names}) for one in shown]
            yield lines([[written(one[name]) for name in names] for one in dumped])
            if not page.next_cursor:
                return
            query = query.model_copy(update={"cursor": page.next_cursor})
            page = await self._read(service, query)


@cache
def adapter_of(schema: type[ResponseSchema]) -> TypeAdapter[list[Any]]:
    """Return what shows rows, but for those that hold what is no value."""
    kind: Any = Annotated[list[schema], WrapValidator(read_known)]  # type: ignore[valid-type]
    return TypeAdapter(kind)


@cache
def columns_of(schema: type[ResponseSchema]) -> tuple[str, ...]:
    """Return the fields of an answer that are no summaries of something else."""
    fields = schema.model_json_schema(mode="serialization")
    embedded = summaries(fields.get("$defs", {}))
    return tuple(
        name
        for name, one in fields["properties"].items()
        if not any(part in str(one) for part in embedded)
    )


def summaries(definitions: dict[str, Any]) -> list[str]:
    """Return references to what is embedded of other rows."""
    return [
        f"'#/$defs/{name}'" for name, one in definitions.items() if "properties" in one
    ]


async def get_export(
    request: Request,
    scope: ScopeDep,
    _unbounded: Annotated[None, Depends(without_time_limit)],
) -> Export:
    """Provide what exports rows; it may take as long as it needs."""
    return Export(request, scope)


ExportDep = Annotated[Export, Depends(get_export)]
