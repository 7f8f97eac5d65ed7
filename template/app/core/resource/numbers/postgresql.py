"""PostgreSQL adds to a counter, or makes it; others who count the same wait."""

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert

from app.core.resource.numbers.counter import NumberCounter


def add_one(key: dict[str, str], first: int) -> Insert:
    """Return the statement after which a counter is one higher, or the first."""
    return (
        insert(NumberCounter)
        .values(**key, last=first)
        .on_conflict_do_update(
            index_elements=list(key), set_={"last": NumberCounter.last + 1}
        )
    )
