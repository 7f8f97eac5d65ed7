"""How migrations keep out of each other's way."""

from sqlalchemy import Connection


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait, for as long as `busy_timeout`.

    The engine begins for writing, and migrations run in that one transaction.
    """
    connection.begin()
