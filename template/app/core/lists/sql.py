"""Turns the query parameters of a list into SQL: filters, order, and cursors.

Only what the query's schema declares reaches this place: the schema is the allow-list.
A cursor holds the sort keys of the last row seen, so that no row is counted to find the
next. It is no secret: a made-up one shows no more than a filter.
"""

import hashlib
import operator
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Annotated, Any, TypeVar

import structlog
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
    Select,
    String,
    TypeDecorator,
    UniqueConstraint,
    and_,
    false,
    or_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from app.core.errors import InvalidError
from app.core.fields.text import PlainText, fold
from app.core.fields.times import to_utc
from app.core.lists.page import MAX_CURSOR_LENGTH, ListQuery
from app.db.base import Base, Entity

Column = InstrumentedAttribute[Any]
RowT = TypeVar("RowT", bound=Entity)

OPERATIONS: dict[str, Callable[[Column, Any], ColumnElement[bool]]] = {
    "": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": Column.in_,
    "isnull": lambda column, is_so: column.is_(None) if is_so else ~column.is_(None),
    "ne": Column.is_distinct_from,
    # What is a wildcard to the database is none here.
    "contains": lambda column, part: column.contains(part, autoescape=True),
}
UNREADABLE = (ArithmeticError, AttributeError, TypeError, ValueError)
DIGEST_SIZE = 9
MESSAGE = "must be the `next_cursor` of a page with the same sort and filters"

logger = structlog.get_logger()


def filters_of(query: ListQuery) -> dict[str, Any]:
    """Return the filters of a query that are set, by the client or by default."""
    return {
        name: value
        for name, value in query
        if value is not None and name not in ListQuery.model_fields
    }


def where_clauses(model: type[Base], query: ListQuery) -> Iterator[ColumnElement[bool]]:
    """Return a condition for each filter: `price__lte=9` becomes `price <= 9`."""
    for name, value in filters_of(query).items():
        field, _, operation = name.partition("__")
        column = compared_column(model, field)
        if column.key != field and operation != "isnull":
            value = [fold(text) for text in value] if operation == "in" else fold(value)
        yield OPERATIONS[operation](column, value)


def compared_column(model: type[Base], name: str) -> Column:
    """Return the column by which a field is compared: the folded one, if there is.

    The databases do not agree on what case is.
    """
    column: Column = getattr(model, f"{name}_key", getattr(model, name))
    return column


def is_scan(model: type[Base], query: ListQuery) -> bool:
    """Whether all rows have to be looked at: no index gives them in order, or few."""
    indexed, narrow = leading_columns(model), {"", "in"}
    first = sort_keys_of(model, query.sort)[0].column.key
    filters = [name.partition("__") for name in filters_of(query)]
    found = [(compared_column(model, name).key, kind) for name, _, kind in filters]
    if any(column in indexed and kind in narrow for column, kind in found):
        return False
    others = (column != first or kind == "contains" for column, kind in found)
    return first not in indexed or any(others)


@lru_cache(maxsize=256)
def leading_columns(model: type[Base]) -> frozenset[str]:
    """Return the columns that indexes begin with, but for that of the owner."""
    table: Any = model.__table__
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    begins = (
        next((column.key for column in one.columns if column.key != "owner_id"), "")
        for one in (*table.indexes, *unique)
    )
    return frozenset({"id", *begins})


@dataclass(frozen=True)
class SortKey:
    """A column that a list is sorted by; rows without a value come last either way."""

    column: Column
    is_descending: bool
    is_nullable: bool

    def order(self) -> Iterator[ColumnElement[Any]]:
        """Return how it is written in `ORDER BY`."""
        if self.is_nullable:
            yield self.column.is_(None)
        yield self.column.desc() if self.is_descending else self.column.asc()

    def after(self, value: object, *, or_equal: bool = False) -> ColumnElement[bool]:
        """Return the condition that a row comes after those of a value, or is one."""
        lacks = self.column.is_(None)
        if value is None:
            return lacks if or_equal else false()
        name = f"{'lt' if self.is_descending else 'gt'}{'e' if or_equal else ''}"
        found = OPERATIONS[name](self.column, value)
        return or_(found, lacks) if self.is_nullable else found


@lru_cache(maxsize=256)
def sort_keys_of(model: type[Base], sort: str) -> tuple[SortKey, ...]:
    """Read `-created_at,name`; the id decides between equals: no pages overlap."""
    keys = sort.split(",")
    keys.append("-id" if keys[-1].startswith("-") else "id")
    found = ((compared_column(model, one.strip("-")), one[0] == "-") for one in keys)
    return tuple(SortKey(one, down, bool(one.nullable)) for one, down in found)


def parts_of(
    matching: Select[RowT], model: type[Base], query: ListQuery
) -> Iterator[Select[RowT]]:
    """Sort rows, and leave out those before a cursor; the parts follow each other.

    Rows without a value of the first key are a part, as not all databases have them at
    this end of an index.
    """
    first, *others = keys = sort_keys_of(model, query.sort)
    values = read_cursor(query.cursor, model, query) if query.cursor else ()
    parts = [(matching, keys, values)]
    if first.is_nullable:
        lacks = first.column.is_(None)
        is_past = values and values[0] is None
        last = (matching.where(lacks), tuple(others), values[1:] if is_past else ())
        keys = (replace(first, is_nullable=False), *others)
        parts = [last] if is_past else [(matching.where(~lacks), keys, values), last]
    order = [one for key in keys for one in key.order()]
    for rows, rest, past in parts:
        yield (rows.where(after(rest, past)) if past else rows).order_by(*order)


async def read_rows(
    session: AsyncSession, part: Select[RowT], skip: int, most: int
) -> Sequence[RowT]:
    """Read rows; one that cannot be read is logged, and the next takes its place."""
    try:
        return (await session.scalars(part.offset(skip).limit(most))).all()
    except UNREADABLE:
        rows = list[RowT]()
    for place in count(skip):
        one = part.offset(place).limit(1)
        try:
            found = (await session.scalars(one)).all()
        except UNREADABLE as error:
            key = one.with_only_columns(type_coerce(one.selected_columns.id, String))
            row = await session.scalar(key)
            logger.error("unreadable_row", id=row, reason=str(error))
            continue
        rows += found
        if len(rows) == most or not found:
            break
    return rows


def cursor_after(row: Entity, query: ListQuery) -> str | None:
    """Return the cursor that names the place after a row, unless it is too long."""
    model = type(row)
    keys = sort_keys_of(model, query.sort)
    values = to_json([getattr(row, key.column.key) for key in keys])
    cursor = urlsafe_b64encode(digest_of(model, query) + values).decode().rstrip("=")
    return cursor if len(cursor) <= MAX_CURSOR_LENGTH else None


def read_cursor(cursor: str, model: type[Base], query: ListQuery) -> tuple[Any, ...]:
    """Return the values of the row that a cursor names the place after.

    Raises:
        InvalidError: If it is none, or comes from another list, sort or filter.
    """
    keys = sort_keys_of(model, query.sort)
    try:
        # The two that are too many where nothing is missing are ignored.
        content = urlsafe_b64decode(f"{cursor}==")
        types = tuple(key.column.type for key in keys)
        values = adapter_of(types).validate_json(content[DIGEST_SIZE:])
        pairs = zip(keys, values, strict=True)
        is_short = any(value is None and not key.is_nullable for key, value in pairs)
        if is_short or content[:DIGEST_SIZE] != digest_of(model, query):
            raise ValueError(MESSAGE)
        return values
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
        later = or_(key.after(value), condition)
        condition = and_(key.after(value, or_equal=True), later)
    return condition


def digest_of(model: type[Base], query: ListQuery) -> bytes:
    """Return what ties a cursor to its list, sort and filters."""
    described = to_json([model.__tablename__, query.sort, filters_of(query)])
    return hashlib.sha256(described).digest()[:DIGEST_SIZE]


@lru_cache(maxsize=256)
def adapter_of(types: tuple[TypeEngine[Any], ...]) -> TypeAdapter[tuple[Any, ...]]:
    """Return what reads values of columns, or nulls; refuses what does not fit."""
    row: Any = tuple.__class_getitem__(tuple(values_of(one) | None for one in types))
    return TypeAdapter(row, config=ConfigDict(strict=True))


def values_of(kind: TypeEngine[Any]) -> Any:
    """Return the type of a column's values, with its bounds."""
    match kind:
        case TypeDecorator():
            return getattr(kind, "value_type", None) or values_of(kind.impl_instance)
        case DateTime():
            return Annotated[AwareDatetime, AfterValidator(to_utc)]
        case Integer():
            bound = 2 ** (63 if isinstance(kind, BigInteger) else 31)
            return Annotated[int, Field(ge=-bound, lt=bound)]
        case Float():
            return FiniteFloat
        case Numeric(precision=digits, scale=places):
            return Annotated[Decimal, Field(max_digits=digits, decimal_places=places)]
        case String():
            return Annotated[str, AfterValidator(PlainText.check)]
    return kind.python_type
