"""Column types that behave alike on every database."""

from datetime import UTC, datetime

from sqlalchemy import Dialect
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

from app.db import dialect


class UTCDateTime(TypeDecorator[datetime]):
    """A point in time to the microsecond: aware when written, in UTC when read."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, driver: Dialect) -> TypeEngine[datetime]:
        """Store it in the column type that keeps microseconds."""
        return driver.type_descriptor(dialect.TIMESTAMP)

    def process_bind_param(self, value: datetime | None, _driver: Dialect) -> datetime | None:
        """Convert to UTC.

        Raises:
            ValueError: If the value has no time zone: nobody could tell which moment it means.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _driver: Dialect) -> datetime | None:
        """Mark as UTC what the database returns without a time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
