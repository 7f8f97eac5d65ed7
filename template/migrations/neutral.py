"""Values that are right, or do no harm, where nobody has given one."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from migrations.rules import accepts, bounds, find_body

VALUES: dict[type[Any], str] = {
    bool: "False",
    int: "0",
    float: "0.0",
    Decimal: 'Decimal("0")',
    str: "''",
    bytes: 'b""',
    dict: "{}",
    list: "[]",
    datetime: "datetime.now(UTC)",
    date: "date(1970, 1, 1)",
    time: "time()",
    timedelta: "timedelta()",
    UUID: "UUID(int=0)",
}
"""Python for a migration, by the type of a column's values."""

UNKNOWN = "unknown"
TEXTS = ("", UNKNOWN, f"{UNKNOWN}@example.com", "https://example.com")
"""The first of these that a field may have; nobody has the names (RFC 2606)."""

LENGTH_OF_UUID = 32


def python_type(kind: sa.types.TypeEngine[Any]) -> type[Any]:
    """Return the type of a column's values; `object` for types that do not tell."""
    if isinstance(kind, sa.JSON):
        return dict
    try:
        found = kind.python_type
    except NotImplementedError:
        return object
    if found is object and isinstance(kind, sa.TypeDecorator):
        return python_type(kind.impl_instance)
    return found


def default(column: sa.Column[Any]) -> str | None:
    """Write the model's own default, if it is a plain value."""
    if not isinstance(column.default, sa.ColumnDefault) or not column.default.is_scalar:
        return None
    value: Any = column.default.arg
    if isinstance(value, Enum):
        value = value.name if isinstance(column.type, sa.Enum) else value.value
    return repr(value)


def neutral(column: sa.Column[Any]) -> str | None:
    """Write a value for rows that exist; `None` if nothing is neutral."""
    if isinstance(column.type, sa.Enum):
        return default(column) or repr(column.type.enums[0])
    if choices := getattr(column.type, "choices", None):
        return default(column) or repr(next(iter(choices)).value)
    return default(column) or lawful(column)


def lawful(column: sa.Column[Any]) -> str | None:
    """Write a value that does no harm and that the API takes, if there is one."""
    kind, body = python_type(column.type), find_body(column)
    if body is None or kind not in (str, int, float, Decimal):
        return VALUES.get(kind)
    if kind is str:
        values = [one[: getattr(column.type, "length", None)] for one in TEXTS]
    else:
        values = [kind(str(one)) for one in (0, *bounds(body, column.key))]
    fitting = (one for one in values if accepts(body, column.key, one))
    return next(map(repr, fitting), None)


def key(column: sa.Column[Any]) -> str | None:
    """Write the key of a row that stands for the unknown, if keys are UUIDs."""
    if python_type(column.type) is UUID:
        return VALUES[UUID]
    if (
        python_type(column.type) is str
        and getattr(column.type, "length", 0) == LENGTH_OF_UUID
    ):
        return f"{VALUES[UUID]}.hex"
    return None


def stand_in(table: sa.Table) -> dict[str, str] | None:
    """Write a row that stands for the unknown, and may do nothing, if one can."""
    needed = [
        one for one in table.columns if not one.nullable and one.server_default is None
    ]
    if any(one.foreign_keys for one in needed):
        return None
    row = {one.name: text for one in needed if (text := part(one))}
    return row if len(row) == len(needed) else None


def part(column: sa.Column[Any]) -> str | None:
    """Write a value of a row that stands for what is not known."""
    if column.primary_key:
        return key(column)
    if python_type(column.type) is bool:
        return VALUES[bool]
    if python_type(column.type) is str and not isinstance(column.type, sa.Enum):
        unknown = repr(UNKNOWN[: getattr(column.type, "length", None)])
        given = neutral(column)
        return unknown if given == VALUES[str] else given
    return neutral(column)
