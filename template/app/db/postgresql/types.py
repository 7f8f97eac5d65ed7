"""Column types."""

from datetime import datetime

from sqlalchemy.types import DateTime, Text, TypeDecorator

LongText = Text
"""Text of any length."""


class Timestamp(TypeDecorator[datetime]):
    """A point in time; the driver returns all of them in UTC, so that reading costs nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True
