"""Settings of the database: the address of the file, and how long to wait for it."""

from typing import Self

from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.settings import Seconds, SettingsGroup

DEFAULT_URL = "sqlite:///var/app.db"


class DatabaseSettings(SettingsGroup):
    """How the file is used.

    Attributes:
        busy_timeout: Seconds to wait for another writer, or for a connection, before
            giving up with 503.
        pool_size: Connections that are kept open.
        max_overflow: Connections above that, while there is need.
    """

    busy_timeout: Seconds = 5
    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10

    def for_migrations(self) -> Self:
        """Wait longer: another process may be migrating."""
        return self.model_copy(update={"busy_timeout": 60})


def normalize_url(value: str) -> str:
    """Add the driver to an address.

    Raises:
        ValueError: If it is not the address of a SQLite file.
    """
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("must be an address like sqlite:///var/app.db") from None
    if url.get_backend_name() != "sqlite":
        raise ValueError(
            f"must start with sqlite://, not {url.drivername}://; see .env"
        )
    return url.set(drivername="sqlite+aiosqlite").render_as_string(hide_password=False)


def refuse_in_production(url: str) -> None:
    """Refuse an address whose data would not outlive the process.

    Raises:
        ValueError: If the database is in memory.
    """
    name = make_url(url).database or ":memory:"
    if ":memory:" in name or "mode=memory" in url:
        raise ValueError(
            "DATABASE_URL must name a file in production: memory is lost at the end"
        )
