"""Creates rows that are sent as CSV, by the service of their resource."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from app.core.bulk.answer import Bulk
from app.core.bulk.schemas import BulkRead, BulkResult, keep_refusal
from app.core.changes.idempotency import IdempotentCreateDep
from app.core.csv.cells import read, types_of
from app.core.errors import BadRequestError, InvalidError, error_of_status
from app.core.resource.service import ResourceService
from app.core.schemas import ResponseSchema

MAX_IMPORTED = 1000
"""Rows in one request; more are sent in several."""

CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
"""What the documentation says of the body, for `openapi_extra=`."""


@dataclass(frozen=True)
class Import:
    """Answers a request that creates the rows of a table: all or nothing.

    Attributes:
        bulk: What creates them.
        dry_run: Whether they are only tried.
    """

    bulk: Bulk
    dry_run: bool

    async def answer(
        self,
        body: type[BaseModel],
        shown: type[ResponseSchema],
        service: ResourceService[Any],
    ) -> Response:
        """Create rows; columns that answers show and clients do not set are left out.

        Raises:
            AppError: If it is no table, or a row is refused.
        """
        types = columns_of(body)
        table = self._table(await self.bulk.request.body())
        names = next(table, [])
        check_names(names, types, shown)
        given = [row_of(names, one, types) for one in table]
        rows = [
            one
            if isinstance(one, InvalidError)
            else keep_refusal(one, body.model_validate)
            for one in given
        ]
        if not 1 <= len(rows) <= MAX_IMPORTED:
            message = f"There must be 1 to {MAX_IMPORTED} rows."
            raise InvalidError(message, fields={"body": [message]})
        if not self.dry_run:
            return await self.bulk.create(BulkResult, rows, service)
        async with self.bulk.session.begin_nested() as attempt:
            results = await self.bulk.run(BulkResult, 201, rows, service.create)
            await attempt.rollback()
        content = BulkRead(results=results).model_dump_json()
        return Response(content, media_type="application/json")

    def _table(self, content: bytes) -> Iterator[list[str]]:
        given = self.bulk.request.headers.get("content-type", "")
        if given.partition(";")[0].strip().lower() != "text/csv":
            raise error_of_status(415, "The body must be text/csv.")
        try:
            text = StringIO(content.decode("utf-8-sig"), newline="")
            yield from (one for one in csv.reader(text, strict=True) if one)
        except (UnicodeDecodeError, csv.Error):
            raise BadRequestError("The body is not valid CSV in UTF-8.") from None


@cache
def columns_of(body: type[BaseModel]) -> dict[str, set[str]]:
    """Return what a table can have of a body: types of JSON, by name."""
    schema = body.model_json_schema()
    return {
        name: types_of(one, schema.get("$defs", {}))
        for name, one in schema["properties"].items()
    }


def check_names(
    names: list[str], types: dict[str, set[str]], shown: type[ResponseSchema]
) -> None:
    """Raise `InvalidError` if the first row does not name columns."""
    known = {*types, *shown.model_fields}
    unknown = sorted({one for one in names if one not in known})[:20]
    if unknown or len({*names}) < len(names) or not {*names} & {*types}:
        message = f"The first row must name columns: {', '.join(types)}."
        raise InvalidError(message, fields={"body": [message]})


def row_of(names: list[str], cells: list[str], types: dict[str, set[str]]) -> Any:
    """Return the body that a row says; an empty cell is left out."""
    if len(cells) != len(names):
        message = f"The row has {len(cells)} cells, and the first one {len(names)}."
        return InvalidError(message)
    pairs = zip(names, cells, strict=True)
    return {
        name: read(one, types[name]) for name, one in pairs if one and name in types
    }


async def get_import(
    creation: IdempotentCreateDep,
    dry_run: Annotated[
        bool, Query(description="Whether to only say what would become of the rows.")
    ] = False,
) -> Import:
    """Read whether rows are only tried."""
    return Import(Bulk(**vars(creation), atomic=True), dry_run)


ImportDep = Annotated[Import, Depends(get_import)]
