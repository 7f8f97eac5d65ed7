"""Column types."""

from datetime import UTC, datetime

from sqlalchemy import Dialect, Text
from sqlalchemy.types import DateTime, TypeDecorator

LongText = Text
"""Text of any length."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time, stored as text."""

    impl = DateTime
    cache_ok = True

    def process_result_value(self, value: datetime | None, _driver: Dialect) -> datetime | None:
        """Mark as UTC what the database returns without a time zone."""
        return value and value.replace(tzinfo=UTC)
