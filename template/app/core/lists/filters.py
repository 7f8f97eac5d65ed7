"""Turns the query parameters of a list into SQL.

Only what the query's schema declares reaches this place: the schema is the allow-list.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app.core.fields.text import fold
from app.core.lists.page import ListQuery
from app.db.base import Base

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class SortKey:
    """A column that a list is sorted by, and in which direction."""

    column: Column
    is_descending: bool

    @cached_property
    def order(self) -> ColumnElement[Any]:
        """How it is written in `ORDER BY`."""
        return self.column.desc() if self.is_descending else self.column.asc()

    def after(self, value: object) -> ColumnElement[bool]:
        """Return the condition that a row comes after those of a value."""
        return self.column < value if self.is_descending else self.column > value

    def not_before(self, value: object) -> ColumnElement[bool]:
        """Return the condition that a row comes after those of a value, or is one."""
        return self.column <= value if self.is_descending else self.column >= value


def contains(column: Column, part: str) -> ColumnElement[bool]:
    """Look for a part of a text; what is a wildcard to the database is none here."""
    return column.contains(part, autoescape=True)


OPERATIONS: dict[str, Callable[[Column, Any], ColumnElement[bool]]] = {
    "": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": Column.in_,
    "contains": contains,
}


def filters_of(query: ListQuery) -> dict[str, Any]:
    """Return the filters of a query that are set, by the client or by default."""
    values = ((name, getattr(query, name)) for name in filter_names(type(query)))
    return {name: value for name, value in values if value is not None}


@lru_cache(maxsize=256)
def filter_names(schema: type[ListQuery]) -> tuple[str, ...]:
    """Return the names of the parameters that are filters."""
    return tuple(
        name for name in schema.model_fields if name not in ListQuery.model_fields
    )


def where_clauses(model: type[Base], query: ListQuery) -> Iterator[ColumnElement[bool]]:
    """Return a condition for each filter: `price__lte=9` becomes `price <= 9`."""
    for name, value in filters_of(query).items():
        field, _, operation = name.partition("__")
        column = compared_column(model, field)
        if column.key != field:
            value = [fold(text) for text in value] if operation == "in" else fold(value)
        yield OPERATIONS[operation](column, value)


def compared_column(model: type[Base], name: str) -> Column:
    """Return the column by which a field is compared: the folded one, if there is.

    The databases do not agree on what case is.
    """
    column: Column = getattr(model, f"{name}_key", getattr(model, name))
    return column


@lru_cache(maxsize=256)
def sort_keys_of(model: type[Base], sort: str) -> tuple[SortKey, ...]:
    """Read `-created_at,name`; the id decides between equals, so pages never overlap.

    Args:
        model: The table.
        sort: Names of columns, checked by the query's schema.
    """
    keys = sort.split(",")
    keys.append("-id" if keys[-1].startswith("-") else "id")
    return tuple(
        SortKey(compared_column(model, key.removeprefix("-")), key.startswith("-"))
        for key in keys
    )
