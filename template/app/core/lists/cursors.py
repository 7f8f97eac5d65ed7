"""Pages that begin where another one ended, however far that is from the start.

A cursor holds the sort keys of the last row seen, so that no row is counted to find the
next. It is no secret: a made-up one shows no more than a filter.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    FiniteFloat,
    TypeAdapter,
)
from pydantic_core import to_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Numeric,
    String,
    TypeDecorator,
    and_,
    or_,
)
from sqlalchemy.types import TypeEngine

from app.core.errors import InvalidError
from app.core.fields.text import PlainText
from app.core.fields.times import to_utc
from app.core.lists.filters import SortKey, filters_of, sort_keys_of
from app.core.lists.page import MAX_CURSOR_LENGTH, ListQuery
from app.db.base import Base, Entity

DIGEST_SIZE = 9
MESSAGE = "must be the `next_cursor` of a page with the same sort and filters"


def cursor_after(row: Entity, query: ListQuery) -> str | None:
    """Name the place after a row.

    Returns:
        The cursor; `None` if rows can lack a value that they are sorted by, since
        nothing comes before or after such a row on every database alike.
    """
    model = type(row)
    keys = sort_keys_of(model, query.sort)
    if any(key.column.nullable for key in keys):
        return None
    values = to_json([getattr(row, key.column.key) for key in keys])
    cursor = urlsafe_b64encode(digest_of(model, query) + values).decode().rstrip("=")
    return cursor if len(cursor) <= MAX_CURSOR_LENGTH else None


def rows_after(cursor: str, model: type[Base], query: ListQuery) -> ColumnElement[bool]:
    """Return the condition for the rows after the place that a cursor names.

    Raises:
        InvalidError: If it is none, or comes from another list, sort or filter.
    """
    keys = sort_keys_of(model, query.sort)
    try:
        # The two that are too many where nothing is missing are ignored.
        content = urlsafe_b64decode(f"{cursor}==")
        digest, values = content[:DIGEST_SIZE], content[DIGEST_SIZE:]
        if digest != digest_of(model, query) or any(
            key.column.nullable for key in keys
        ):
            raise ValueError(MESSAGE)
        types = tuple(key.column.type for key in keys)
        return after(keys, adapter_of(types).validate_json(values))
    except ValueError:
        raise InvalidError(
            "The cursor is not valid.", fields={"cursor": [MESSAGE]}
        ) from None


def after(keys: Sequence[SortKey], values: Sequence[Any]) -> ColumnElement[bool]:
    """Write "after these values" as `k <= v AND (k < v OR ...)`.

    Other forms make some databases read a whole index.
    """
    (*outer, (last, value)) = zip(keys, values, strict=True)
    condition = last.after(value)
    for key, value in reversed(outer):
        condition = and_(key.not_before(value), or_(key.after(value), condition))
    return condition


def digest_of(model: type[Base], query: ListQuery) -> bytes:
    """Return what ties a cursor to its list, sort and filters."""
    described = to_json([model.__tablename__, query.sort, filters_of(query)])
    return hashlib.sha256(described).digest()[:DIGEST_SIZE]


@lru_cache(maxsize=256)
def adapter_of(types: tuple[TypeEngine[Any], ...]) -> TypeAdapter[tuple[Any, ...]]:
    """Return what reads values of columns, and refuses those that do not fit."""
    row: Any = tuple.__class_getitem__(tuple(map(values_of, types)))
    return TypeAdapter(row, config=ConfigDict(strict=True))


def values_of(kind: TypeEngine[Any]) -> Any:
    """Return the type of a column's values, with its bounds."""
    if isinstance(kind, TypeDecorator):
        return values_of(kind.impl_instance)
    if isinstance(kind, DateTime):
        return Annotated[AwareDatetime, AfterValidator(to_utc)]
    if isinstance(kind, Integer):
        bound = 2 ** (63 if isinstance(kind, BigInteger) else 31)
        return Annotated[int, Field(ge=-bound, lt=bound)]
    if isinstance(kind, Float):
        return FiniteFloat
    if isinstance(kind, Numeric):
        return Annotated[
            Decimal, Field(max_digits=kind.precision, decimal_places=kind.scale)
        ]
    if isinstance(kind, String):
        return Annotated[str, AfterValidator(PlainText.check)]
    return kind.python_type
