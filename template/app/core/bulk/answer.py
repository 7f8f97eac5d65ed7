"""Answers requests that change many rows, each by the service of its resource."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.core.bulk.schemas import BulkRead, BulkResult, RowKey, RowProblem
from app.core.changes.etag import UNCONDITIONAL, Precondition, entity_tag
from app.core.changes.idempotency import (
    IdempotencyKey,
    IdempotentCreate,
    IdempotentCreateDep,
)
from app.core.errors import AppError, ConflictError, InvalidError, error_of_status
from app.core.http.errors import IN_USE, conflict
from app.core.resource.model import Resource
from app.core.resource.repository import Scope
from app.core.resource.service import ResourceService
from app.db import dialect
from app.db.base import Base

Change = Callable[[Any], Awaitable[Resource | None]]


class RowsRefusedError(InvalidError, code="rows_refused"):
    """Some rows were refused, and so nothing was written.

    Attributes:
        results: Those of the refused rows.
    """

    def __init__(self, results: Sequence[BulkResult]) -> None:
        self.results = results
        fields: dict[str, list[str]] = {}
        for one in results:
            path, problem = f"rows.{one.index}", one.problem
            if problem and problem.field_errors:
                named = problem.field_errors.items()
                fields |= {f"{path}.{field}": said for field, said in named}
            elif problem:
                fields[path] = [problem.detail]
        super().__init__("Some rows were refused; nothing was written.", fields=fields)


class Said(BaseModel):
    """What a request says, for the fingerprint of its key."""

    method: str
    atomic: bool
    rows: list[Any]


@dataclass(frozen=True)
class Bulk(IdempotentCreate):
    """Answers a request that changes many rows, in the order in which they are sent.

    `rows` are bodies, or what is wrong with one in its place; `result` describes what
    became of one.

    Attributes:
        atomic: Whether nothing is written if a row is refused.
    """

    atomic: bool

    async def create(
        self,
        result: type[BulkResult],
        rows: Sequence[Any],
        service: ResourceService[Any],
    ) -> Response:
        """Create rows.

        Raises:
            RowsRefusedError: If one is refused, and they are written together.
        """
        return await self._answer(result, 201, rows, service, service.create)

    async def update(
        self,
        result: type[BulkResult],
        rows: Sequence[Any],
        service: ResourceService[Any],
    ) -> Response:
        """Change what is sent of each row.

        Raises:
            RowsRefusedError: If one is refused, and they are written together.
        """

        async def change(row: RowKey) -> Resource:
            changed: Resource = await service.update(row.id, row, self._expect(row))
            return changed

        return await self._answer(result, 200, rows, service, change)

    async def delete(
        self, rows: Sequence[Any], service: ResourceService[Any]
    ) -> Response:
        """Delete rows.

        Raises:
            RowsRefusedError: If one is refused, and they are written together.
        """

        async def remove(row: RowKey) -> None:
            await service.delete(row.id, self._expect(row))

        return await self._answer(BulkResult, 204, rows, service, remove)

    def _expect(self, row: RowKey) -> Precondition:
        if row.etag is not None:
            return Precondition(frozenset({row.etag}))
        if self.request.app.state.settings.api.require_if_match:
            raise error_of_status(428, "Send the ETag of what you have read as etag.")
        return UNCONDITIONAL

    async def _answer(
        self,
        result: type[BulkResult],
        status: int,
        rows: Sequence[Any],
        service: ResourceService[Any],
        change: Change,
    ) -> Response:
        claimed = IdempotencyKey()
        if self.key:
            claimed = await self._claim(self.key, self._said(rows))
        is_replayed = bool(claimed.body)
        if not is_replayed:
            await self._lock(rows, service.repository.model)
            results = await self.run(result, status, rows, change)
            claimed.body = BulkRead(results=results).model_dump_json()
            await self.session.flush()
        response = Response(claimed.body, media_type="application/json")
        if is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        response.raw_headers.extend(self.response.raw_headers)
        return response

    def _said(self, rows: Sequence[Any]) -> Said:
        plain = [one.fields if isinstance(one, AppError) else dict(one) for one in rows]
        return Said(method=self.request.method, atomic=self.atomic, rows=plain)

    async def _lock(self, rows: Sequence[Any], model: type[Resource]) -> None:
        """Lock rows by their ids, so that all who change the same wait in one order."""
        if keys := {row.id for row in rows if isinstance(row, RowKey)}:
            own = Scope(self.owner_id).values(model)
            found = select(model.id).filter_by(**own).where(model.id.in_(keys))
            await self.session.execute(found.order_by(model.id).with_for_update())

    async def run(
        self,
        result: type[BulkResult],
        status: int,
        rows: Sequence[Any],
        change: Change,
    ) -> list[BulkResult]:
        """Change each row, and return what became of it.

        Raises:
            RowsRefusedError: If one is refused, and they are written together.
        """
        results = list[BulkResult]()
        for index, row in enumerate(rows):
            try:
                entity = await self._change(row, change, is_deletion=status == 204)
            except AppError as error:
                if error.status >= 500:
                    raise
                results.append(refused(result, index, error))
                continue
            # Shown before others are changed: a refusal makes rows forget their values.
            about: dict[str, Any] = {"index": index, "status": status}
            if entity is not None:
                about |= {"etag": entity_tag(entity.row_version), "row": entity}
            results.append(result.model_validate(about))
        if self.atomic and (bad := [one for one in results if one.problem]):
            raise RowsRefusedError(bad)
        return results

    async def _change(
        self, row: Any, change: Change, *, is_deletion: bool
    ) -> Resource | None:
        if isinstance(row, AppError):
            raise row
        try:
            async with self.session.begin_nested():
                return await change(row)
        except DBAPIError as error:
            violation = dialect.find_violation(error, Base.metadata)
            if violation is None:
                raise
            refusal = ConflictError(IN_USE) if is_deletion else conflict(violation)
            raise refusal from error


def refused(result: type[BulkResult], index: int, error: AppError) -> BulkResult:
    """Return what became of a row that was refused."""
    problem = RowProblem(
        detail=error.detail, error_code=error.code, field_errors=error.fields
    )
    return result(index=index, status=error.status, problem=problem)


async def get_bulk(
    creation: IdempotentCreateDep,
    atomic: Annotated[
        bool,
        Query(
            description="Whether all rows are written or none; otherwise, those that "
            "are not refused are."
        ),
    ] = True,
) -> Bulk:
    """Read how rows are written."""
    return Bulk(**vars(creation), atomic=atomic)


BulkDep = Annotated[Bulk, Depends(get_bulk)]
