"""MySQL knows what a list contains."""

from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, func, literal


def has(values: ColumnElement[Any], one: str | int) -> ColumnElement[bool]:
    """Return the condition that a list has a value."""
    return func.json_contains(values, literal(one, JSON), type_=Boolean)
