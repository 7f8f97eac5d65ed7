"""Words are found by an index, by how they begin: `lam` finds `lamp`, not `slam`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

HAS_INDEX = True


def holds(
    column: ColumnElement[Any], words: Sequence[str]
) -> list[ColumnElement[bool]]:
    """Return, for each word, the condition that a text has it."""
    # As the index has it; texts are folded already, and of any language.
    simple: ColumnElement[str] = literal_column("'simple'")
    text = func.to_tsvector(simple, column)
    found = (func.to_tsquery(simple, f"{word}:*") for word in words)
    return [text.bool_op("@@")(one) for one in found]
