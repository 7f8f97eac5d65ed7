"""Why a database refuses: a constraint of a row, or something that can pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, MetaData
from sqlalchemy.schema import ColumnCollectionConstraint


class ViolationKind(StrEnum):
    """The kinds of constraints, with what clients are told."""

    UNIQUE = "This value is already taken."
    FOREIGN_KEY = "This refers to something that does not exist, or is still in use."
    NOT_NULL = "This value is required."
    CHECK = "This value is not allowed."


class Outage(StrEnum):
    """Why trying again can succeed: the log has the name, clients are told the rest."""

    LOCKED = "Somebody else is changing this; please try again in a moment."
    SLOW = "This took too long; please try again."
    FULL = "Nothing can be stored at the moment; please try again later."
    GONE = "Please try again in a moment."


@dataclass(frozen=True)
class Violation:
    """A refused row, and the public names of the fields that the constraint covers.

    There are none where the database names none.
    """

    kind: ViolationKind
    fields: tuple[str, ...] = ()


def fields_of(columns: Iterable[Column[Any]]) -> tuple[str, ...]:
    """Return the public names of columns: `info["field"]`, or the column's own name.

    A column whose field is `None` is set by no client, and is not named.
    """
    fields = (column.info.get("field", column.name) for column in columns)
    return tuple(field for field in fields if field)


def fields_of_constraint(metadata: MetaData, name: str | None) -> tuple[str, ...]:
    """Return the public names of the columns of a constraint or unique index."""
    for table in metadata.tables.values():
        for one in (*table.constraints, *table.indexes):
            if isinstance(one, ColumnCollectionConstraint | Index) and one.name == name:
                return fields_of(one.columns)
    return ()
