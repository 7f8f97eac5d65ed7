"""How migrations keep out of each other's way."""

from sqlalchemy import Connection


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait, for as long as `busy_timeout`.

    The engine begins for writing, and migrations run in that one transaction. Foreign keys are not
    enforced meanwhile: Alembic changes a table by replacing it, and dropping the old one would
    delete the rows that refer to it.
    """
    cursor = connection.connection.cursor()
    # Inside a transaction this would do nothing: https://sqlite.org/pragma.html#pragma_foreign_keys.
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
    connection.begin()
