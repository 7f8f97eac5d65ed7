"""What the errors of MySQL and MariaDB mean."""

import re

from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from app.db.violations import Violation, ViolationKind, fields_of_constraint

KINDS = {
    1062: ViolationKind.UNIQUE,
    1451: ViolationKind.FOREIGN_KEY,
    1452: ViolationKind.FOREIGN_KEY,
    1048: ViolationKind.NOT_NULL,
    1364: ViolationKind.NOT_NULL,
    3819: ViolationKind.CHECK,
    4025: ViolationKind.CHECK,
}
# https://mariadb.com/kb/en/mariadb-error-code-reference/: too many connections, refused
# credentials, missing database, server shutdown, lock wait time-out, deadlock (after
# which savepoints are gone: 1305), statement time-outs of MariaDB and MySQL, then the
# client's own: cannot connect, server gone, connection lost.
UNAVAILABLE = {
    1040,
    1044,
    1045,
    1049,
    1053,
    1205,
    1213,
    1305,
    1969,
    3024,
    2002,
    2003,
    2006,
    2013,
}


def error_code(error: DBAPIError) -> int:
    """Return the server's number of an error; 0 where there is none."""
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


def find_violation(error: DBAPIError, metadata: MetaData) -> Violation | None:
    """Return which constraint refused a row; `None` for any other error."""
    kind = KINDS.get(error_code(error))
    if kind is None:
        return None
    text = str(error.orig)
    if kind is ViolationKind.UNIQUE:
        name = re.search(r"for key '(?:\w+\.)?(\w+)'", text)
    elif kind is ViolationKind.NOT_NULL:
        name = re.search(r"(?:Column|Field) '(\w+)'", text)
        return Violation(kind, (name[1],) if name else ())
    else:
        name = re.search(r"CONSTRAINT [`'](?:\w+`?\.`?)*(\w+)[`']", text)
    return Violation(kind, fields_of_constraint(metadata, name[1] if name else None))


def is_unavailable(error: DBAPIError) -> bool:
    """Whether trying again can succeed: a lost connection, a lock, a time-out."""
    return error.connection_invalidated or error_code(error) in UNAVAILABLE
