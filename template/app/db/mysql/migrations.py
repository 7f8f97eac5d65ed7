"""How migrations keep out of each other's way."""

from sqlalchemy import Connection, text

WAIT_SECONDS = 60


def lock_migrations(connection: Connection) -> None:
    """Let one process migrate while others wait; the lock ends with the connection.

    Raises:
        RuntimeError: If another process is still migrating after a minute.
    """
    statement = text("SELECT GET_LOCK(CONCAT('migrate:', DATABASE()), :seconds)")
    if connection.scalar(statement, {"seconds": WAIT_SECONDS}) != 1:
        raise RuntimeError("Another migration is still running; try again when it has ended.")
    connection.commit()
