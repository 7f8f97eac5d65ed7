"""SQLite: one file, one writer at a time, nothing to start."""

from app.db.sqlite.engine import (
    READING,
    LongText,
    Timestamp,
    create_engine,
    get_session,
    lock_migrations,
)
from app.db.sqlite.errors import find_violation, is_unavailable
from app.db.sqlite.settings import (
    DEFAULT_URL,
    DatabaseSettings,
    normalize_url,
    refuse_in_production,
)

__all__ = [
    "DEFAULT_URL",
    "READING",
    "DatabaseSettings",
    "LongText",
    "Timestamp",
    "create_engine",
    "find_violation",
    "get_session",
    "is_unavailable",
    "lock_migrations",
    "normalize_url",
    "refuse_in_production",
]
