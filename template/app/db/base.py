"""The base class of every table, and the columns and types that tables share."""

from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.db import dialect

LongText = dialect.LongText


class UTCDateTime(dialect.Timestamp):
    """A point in time to the microsecond: aware when written, in UTC when read."""

    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, _driver: Dialect
    ) -> datetime | None:
        """Convert to UTC; without a time zone, a value names no point in time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        return value.astimezone(UTC)


NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """A table; constraints get names, which migrations and errors refer to."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {datetime: UTCDateTime}


Key = UUID | int
"""What names a row: a UUID, unless the database counts the rows of a table."""


class Entity(Base):
    """A table whose key sorts by the time of creation (RFC 9562, UUIDv7)."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


def now() -> datetime:
    """Return the current time; the database's stands still during a transaction."""
    return datetime.now(UTC)
