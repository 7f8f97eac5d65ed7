"""Words are looked for in the texts of all rows, also within other words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

HAS_INDEX = False


def holds(
    column: ColumnElement[Any], words: Sequence[str]
) -> list[ColumnElement[bool]]:
    """Return, for each word, the condition that a text has it."""
    return [column.contains(word, autoescape=True) for word in words]
