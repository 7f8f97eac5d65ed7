"""PostgreSQL counts for good: an id is never given twice."""

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.model import Resource


class IntegerIdResource(Resource):
    """A resource whose rows are counted from 1.

    An id tells about how many rows there are, of all owners, and the next is easily
    guessed: what keeps rows apart is the scope, as ever.
    """

    __abstract__ = True

    # Who knows a row as a `Resource` expects either.
    id: Mapped[int] = mapped_column(  # type: ignore[assignment]
        BigInteger, Identity(), primary_key=True
    )
