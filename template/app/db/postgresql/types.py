"""Column types."""

from sqlalchemy.types import DateTime

TIMESTAMP = DateTime(timezone=True)
