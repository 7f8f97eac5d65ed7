"""Bodies and answers of changes of many rows in one request."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field, SerializeAsAny, ValidationError, WrapValidator

from app.core.changes.etag import TAG
from app.core.errors import InvalidError
from app.core.http.errors import MAX_FIELDS, field_of, message_of
from app.core.schemas import RequestSchema, ResponseSchema

MAX_ROWS = 100
"""Rows in one request; more are sent in several."""

RowT = TypeVar("RowT")


def keep_refusal(row: Any, read: Callable[[Any], Any]) -> Any:
    """Validate a row by itself; an `InvalidError` takes the place of one that fails."""
    try:
        return read(row)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    fields: dict[str, list[str]] = {}
    for one in found[:MAX_FIELDS]:
        said = {**one, "loc": ("body", *one["loc"])}
        fields.setdefault(field_of(said), []).append(message_of(said))
    detail = "Some fields are not valid; `field_errors` names them."
    return InvalidError(detail, fields=fields)


Rows = Annotated[
    list[Annotated[RowT, WrapValidator(keep_refusal)]],
    Field(min_length=1, max_length=MAX_ROWS, description="In the order of the work."),
]
"""The rows of a body: `rows: Rows[OrderCreate]`; see `keep_refusal`."""


class RowKey(RequestSchema):
    """A row that is there, as it was read."""

    id: UUID = Field(exclude=True, description="Identifier.")
    etag: str | None = Field(
        default=None,
        exclude=True,
        pattern=f"^{TAG}$",
        description="The `ETag` of what was read: refused if the row has changed.",
        examples=['"1"'],
    )


class RowProblem(ResponseSchema):
    """Why a row was refused; all is called as in a `Problem`."""

    detail: str = Field(description="What went wrong here, for people.")
    error_code: str = Field(description="The kind of problem; stable, for programs.")
    field_errors: dict[str, list[str]] | None = Field(
        default=None,
        description="Messages by field of the row; only where fields are to blame.",
    )


class BulkResult(ResponseSchema):
    """What became of a row."""

    index: int = Field(description="Its place in the request, from 0.")
    status: int = Field(description="The status that it would have had alone.")
    etag: str | None = Field(None, description="The version that it has now.")
    problem: RowProblem | None = Field(None, description="Why it was refused.")


class BulkRead(ResponseSchema):
    """What became of each row."""

    results: list[SerializeAsAny[BulkResult]] = Field(
        description="As many as rows were sent, in their order."
    )
