"""What is created with a row, in the same body."""

from typing import Any

from pydantic import Field

MAX_NESTED = 100
"""Rows of a kind in one request; more are created one by one."""


def nested_rows() -> Any:
    """Declare a field for rows that belong to a new one."""
    return Field(
        default_factory=list,
        max_length=MAX_NESTED,
        description="Created with it: all or nothing.",
    )
