"""SQLite looks at the values of a list one by one; what is no JSON has none."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, func


def has(values: ColumnElement[Any], one: str | int) -> ColumnElement[bool]:
    """Return the condition that a list has a value."""
    known = case((func.json_valid(values), values), else_="[]")
    found = func.json_each(known).table_valued("value")
    return exists().where(found.c.value == one)
