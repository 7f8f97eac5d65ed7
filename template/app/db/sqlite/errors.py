"""What the errors of SQLite mean."""

import re

from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from app.db.violations import (
    Violation,
    ViolationKind,
    fields_of_columns,
    fields_of_constraint,
)

KINDS = {
    "SQLITE_CONSTRAINT_UNIQUE": ViolationKind.UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": ViolationKind.UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": ViolationKind.FOREIGN_KEY,
    "SQLITE_CONSTRAINT_NOTNULL": ViolationKind.NOT_NULL,
    "SQLITE_CONSTRAINT_CHECK": ViolationKind.CHECK,
}
UNAVAILABLE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_IOERR",
    "SQLITE_FULL",
)


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error.

    SQLite names the columns of a unique or not-null constraint, the name of a check,
    and nothing for a foreign key: look the parent up before inserting.
    """
    kind = KINDS.get(getattr(error.orig, "sqlite_errorname", ""))
    if kind is None:
        return None
    subject = str(error.orig).rpartition(": ")[2]
    if kind is ViolationKind.CHECK:
        return Violation(kind, fields_of_constraint(metadata, subject))
    return Violation(
        kind, fields_of_columns(metadata, re.findall(r"(\w+)\.(\w+)", subject))
    )


def is_unavailable(error: DBAPIError) -> bool:
    """Whether trying again can succeed: another writer, a full or missing disk."""
    return getattr(error.orig, "sqlite_errorname", "").startswith(UNAVAILABLE)
