"""How migrations keep out of each other's way."""

from sqlalchemy import Connection, text

LOCK_KEY = 4_242_001


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait; the lock ends with the connection.

    It belongs to the session: migrate past a pooler that works by transaction.
    """
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
    connection.commit()
