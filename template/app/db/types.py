"""Column types that behave alike on every database."""

from datetime import UTC, datetime

from sqlalchemy import Dialect

from app.db import dialect

LongText = dialect.LongText


class UTCDateTime(dialect.Timestamp):
    """A point in time to the microsecond: aware when written, in UTC when read."""

    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, _driver: Dialect
    ) -> datetime | None:
        """Convert to UTC.

        Raises:
            ValueError: If the value has no time zone, and so names no point in time.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        return value.astimezone(UTC)
