"""What the errors of PostgreSQL mean."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from app.db.violations import (
    Violation,
    ViolationKind,
    fields_of_columns,
    fields_of_constraint,
)

KINDS = {
    "23505": ViolationKind.UNIQUE,
    "23503": ViolationKind.FOREIGN_KEY,
    "23502": ViolationKind.NOT_NULL,
    "23514": ViolationKind.CHECK,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions,
# refused credentials, missing database, insufficient resources, operator intervention
# (a statement timed out, the server stops), then serialization failure, deadlock, lock
# not available.
UNAVAILABLE = ("08", "28", "3D", "53", "57", "40001", "40P01", "55P03")


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error."""
    cause: Any = getattr(error.orig, "__cause__", None)
    kind = KINDS.get(getattr(cause, "sqlstate", ""))
    if kind is None:
        return None
    if kind is ViolationKind.NOT_NULL:
        return Violation(
            kind, fields_of_columns(metadata, [(cause.table_name, cause.column_name)])
        )
    return Violation(kind, fields_of_constraint(metadata, cause.constraint_name))


def is_unavailable(error: DBAPIError) -> bool:
    """Whether trying again can succeed: a lost connection, a lock, a time-out."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(UNAVAILABLE)
