"""Column types."""

from sqlalchemy.dialects.mysql import DATETIME

TIMESTAMP = DATETIME(fsp=6)
