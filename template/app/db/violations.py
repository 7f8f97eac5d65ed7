"""What a constraint of the database says when it refuses a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import MetaData
from sqlalchemy.schema import ColumnCollectionConstraint, Index

NAMED = (ColumnCollectionConstraint, Index)


class ViolationKind(StrEnum):
    """The kinds of constraints."""

    UNIQUE = "unique"
    FOREIGN_KEY = "foreign_key"
    NOT_NULL = "not_null"
    CHECK = "check"


@dataclass(frozen=True)
class Violation:
    """A refused row.

    Attributes:
        kind: The kind of constraint.
        fields: The fields it covers, by their public names; empty where the database
            names none.
    """

    kind: ViolationKind
    fields: tuple[str, ...] = ()


def fields_of_columns(
    metadata: MetaData, columns: Iterable[tuple[str, str]]
) -> tuple[str, ...]:
    """Return the public names of columns: `info["field"]`, or the column's own name.

    A column whose field is `None` is set by no client, and is not named.

    Args:
        metadata: All tables.
        columns: Names of tables, with the names of columns of theirs.
    """
    found = [metadata.tables[table].columns[column] for table, column in columns]
    fields = (column.info.get("field", column.name) for column in found)
    return tuple(field for field in fields if field)


def fields_of_constraint(metadata: MetaData, name: str | None) -> tuple[str, ...]:
    """Return the public names of the columns of a constraint or unique index."""
    for table in metadata.tables.values():
        for constraint in (*table.constraints, *table.indexes):
            if isinstance(constraint, NAMED) and constraint.name == name:
                columns = [(table.name, column.name) for column in constraint.columns]
                return fields_of_columns(metadata, columns)
    return ()
