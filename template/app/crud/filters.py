"""Turns the query parameters of a list into SQL.

Only what the query's schema declares reaches this place: the schema is the allow-list.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app.core.text import fold
from app.db.base import Base
from app.schemas.page import ListQuery

Column = InstrumentedAttribute[Any]


OPERATIONS: dict[str, Callable[[Column, Any], ColumnElement[bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def where_clauses(model: type[Base], query: ListQuery) -> Iterator[ColumnElement[bool]]:
    """Give a condition for each filter of a query: `price__lte=9` becomes `price <= 9`.

    A part of a text is looked for in the column that holds it folded: the databases do not agree on
    what case is.
    """
    for name, value in query.model_dump(exclude_none=True).items():
        field, separator, operation = name.partition("__")
        if operation == "contains":
            key: Column = getattr(model, f"{field}_key")
            yield key.contains(fold(value), autoescape=True)
        elif separator:
            yield OPERATIONS[operation](getattr(model, field), value)


def order_by(model: type[Base], sort: str) -> list[ColumnElement[Any]]:
    """Give the order for `-created_at,name`; the id decides between equals, so pages never overlap.

    Args:
        model: The table.
        sort: Names of columns, checked by the query's schema.
    """
    keys = sort.split(",")
    keys.append("-id" if keys[-1].startswith("-") else "id")
    columns = [(key.startswith("-"), getattr(model, key.removeprefix("-"))) for key in keys]
    return [column.desc() if descending else column.asc() for descending, column in columns]
