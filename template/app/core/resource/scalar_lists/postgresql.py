"""PostgreSQL knows what a list contains, also by an index (GIN)."""

from typing import Any

from sqlalchemy import ColumnElement, type_coerce
from sqlalchemy.dialects.postgresql import JSONB


def has(values: ColumnElement[Any], one: str | int) -> ColumnElement[bool]:
    """Return the condition that a list has a value."""
    return type_coerce(values, JSONB).contains([one])
