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
    """Return the public names of columns: `info["field"]`, or the column's own key.

    A column whose field is `None` is set by no client, and is not named.
    """
    fields = (column.info.get("field", column.key) for column in columns)
    return tuple(field for field in fields if field)


def fields_called(
    metadata: MetaData, table_name: str, names: Iterable[str]
) -> tuple[str, ...]:
    """Return the public names of columns, as far as the model of a table has them."""
    table = metadata.tables.get(table_name)
    known = {} if table is None else {column.name: column for column in table.columns}
    return fields_of(known[name] for name in names if name in known)


def fields_of_constraint(
    metadata: MetaData, name: str | None, table_name: str | None = None
) -> tuple[str, ...]:
    """Return the public names of the columns of a constraint or unique index.

    A table that was there before its model says in `info` what its constraints cover.

    Args:
        metadata: All tables.
        name: What the constraint is called.
        table_name: Its table, if that is known: it may share the name with another.
    """
    for table in metadata.tables.values():
        if table_name not in (None, table.name):
            continue
        for one in (*table.constraints, *table.indexes):
            if isinstance(one, ColumnCollectionConstraint | Index) and one.name == name:
                return fields_of(one.columns)
        if found := table.info.get("constraints", {}).get(name):
            return tuple(found)
    return ()
