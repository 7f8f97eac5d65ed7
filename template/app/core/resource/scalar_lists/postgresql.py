"""PostgreSQL knows what a list contains."""

from typing import Any

from sqlalchemy import ColumnElement, cast
from sqlalchemy.dialects.postgresql import JSONB


def has(values: ColumnElement[Any], one: str | int) -> ColumnElement[bool]:
    """Return the condition that a list has a value."""
    return cast(values, JSONB).contains([one])
