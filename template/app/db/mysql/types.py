"""Column types."""

from datetime import UTC, datetime

from sqlalchemy import Dialect
from sqlalchemy.dialects.mysql import DATETIME, LONGTEXT
from sqlalchemy.types import TypeDecorator

LongText = LONGTEXT
"""Text of any length; `TEXT` ends at 65,535 bytes."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time, stored with its microseconds."""

    impl = DATETIME(fsp=6)
    cache_ok = True

    def process_result_value(self, value: datetime | None, _driver: Dialect) -> datetime | None:
        """Mark as UTC what the database returns without a time zone."""
        return value and value.replace(tzinfo=UTC)
