"""Settings of the database: its address, the pool of connections, time-outs."""

from typing import Self

from pydantic import NonNegativeInt, PositiveInt
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.settings import PLACEHOLDER, Seconds, SettingsGroup

DEFAULT_URL = ""


class DatabaseSettings(SettingsGroup):
    """How the server is used.

    Attributes:
        pool_size: Connections that each process keeps open.
        max_overflow: Connections above that, while there is need.
        connect_timeout: Seconds that connecting, or waiting for a free connection, may
            take; then 503.
        statement_timeout: Seconds that a query may take.
        lock_timeout: Whole seconds that a statement may wait for a lock.
    """

    pool_size: PositiveInt = 5
    max_overflow: NonNegativeInt = 10
    connect_timeout: Seconds = 5
    statement_timeout: Seconds = 10
    lock_timeout: PositiveInt = 5

    def for_migrations(self) -> Self:
        """Wait longer: changing a large table takes time."""
        return self.model_copy(update={"statement_timeout": 3600, "lock_timeout": 60})


def normalize_url(value: str) -> str:
    """Add the driver and the character set to a URL; `ssl_mode` says how to encrypt.

    Raises:
        ValueError: If it is not the address of a MySQL or MariaDB server.
    """
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("must be like mysql://user:password@host:3306/name") from None
    if url.get_backend_name() not in ("mysql", "mariadb"):
        raise ValueError(f"must start with mysql://, not {url.drivername}://; see .env")
    query = {key.replace("-", "_"): text for key, text in url.query.items()}
    if unknown := query.keys() - {"charset", "ssl_mode"}:
        raise ValueError(f"has the unknown parameter {min(unknown)}; leave it out")
    url = url.set(drivername="mysql+asyncmy", query=query | {"charset": "utf8mb4"})
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
