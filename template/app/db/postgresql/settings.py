"""Settings of the database: its address, the pool of connections, time-outs."""

from typing import Self

from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.settings import PLACEHOLDER, Seconds, SettingsGroup

DEFAULT_URL = ""
# libpq's names, as hosting providers write them; without one, asyncpg decides by
# itself.
PARAMETERS = {"sslmode": "ssl", "channel_binding": "", "gssencmode": ""}


class DatabaseSettings(SettingsGroup):
    """How the server is used.

    Attributes:
        pool_size: Connections that each process keeps open.
        max_overflow: Connections above that, while there is need.
        connect_timeout: Seconds that connecting, or waiting for a free connection, may
            take; then 503.
        statement_timeout: Seconds that a statement may take.
        lock_timeout: Seconds that a statement may wait for a lock.
    """

    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10
    connect_timeout: Seconds = 5
    statement_timeout: Seconds = 10
    lock_timeout: Seconds = 5

    def for_migrations(self) -> Self:
        """Wait longer: changing a large table takes time."""
        return self.model_copy(update={"statement_timeout": 3600, "lock_timeout": 60})


def normalize_url(value: str) -> str:
    """Add the driver to an address, and translate what hosting providers write.

    Raises:
        ValueError: If it is not the address of a PostgreSQL server.
    """
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError(
            "must be like postgresql://user:password@host:5432/name"
        ) from None
    if url.get_backend_name() not in ("postgres", "postgresql"):
        raise ValueError(
            f"must start with postgresql://, not {url.drivername}://; see .env"
        )
    query = {PARAMETERS.get(key, key): text for key, text in url.query.items()}
    query.pop("", None)
    if unknown := query.keys() - {"host", "port", "ssl"}:
        raise ValueError(f"has the unknown parameter {min(unknown)}; leave it out")
    url = url.set(drivername="postgresql+asyncpg", query=query)
    return url.render_as_string(hide_password=False)


def refuse_in_production(url: str) -> None:
    """Refuse an address that cannot be meant for production.

    Raises:
        ValueError: If the password is the one of the examples.
    """
    if make_url(url).password == PLACEHOLDER:
        raise ValueError(
            "DATABASE_URL must not have the password of the examples in production"
        )
