"""MySQL adds to a counter, or makes it; others who count the same wait."""

from sqlalchemy import Insert
from sqlalchemy.dialects.mysql import insert

from app.core.resource.numbers.counter import NumberCounter


def add_one(key: dict[str, str], first: int) -> Insert:
    """Return the statement after which a counter is one higher, or the first."""
    return (
        insert(NumberCounter)
        .values(**key, last=first)
        .on_duplicate_key_update(last=NumberCounter.last + 1)
    )
