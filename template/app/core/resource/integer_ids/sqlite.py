"""SQLite counts for good if it is told to: an id is never given twice."""

from typing import Any

from sqlalchemy import BigInteger, Integer, Table
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.model import Resource


class IntegerIdResource(Resource):
    """A resource whose rows are counted from 1.

    An id tells about how many rows there are, of all owners, and the next is easily
    guessed: what keeps rows apart is the scope, as ever.
    """

    __abstract__ = True

    # Only what is called INTEGER is counted, which has 64 bits here. Who knows a row
    # as a `Resource` expects either.
    id: Mapped[int] = mapped_column(  # type: ignore[assignment]
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )

    @classmethod
    def __table_cls__(cls, *parts: Any, **options: Any) -> Table:
        """Declare the table; it remembers the last id though that row may be gone."""
        return Table(*parts, sqlite_autoincrement=True, **options)
