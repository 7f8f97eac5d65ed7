"""How far numbers have come."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class NumberCounter(Base):
    """The last number of a column.

    Attributes:
        name: The table and the column.
        scope: Whose rows are counted: those of one owner, or of all.
        period: The year, if numbers have it in them: they begin anew each year.
    """

    __tablename__ = "counters_of_document_numbers"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    scope: Mapped[str] = mapped_column(String(36), primary_key=True)
    period: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
