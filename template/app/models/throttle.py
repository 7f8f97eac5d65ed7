"""The table of failed attempts."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Throttle(Base):
    """How often something has failed lately; keys are hashed, so it names nobody.

    Attributes:
        key: Whose attempts at what, such as those of one client at one account.
        account: The account alone, so that all attempts at it can be forgiven.
        is_known: Whether an attempt has succeeded before.
        expires_at: When it is all forgotten.
    """

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(String(64), index=True)
    failures: Mapped[int] = mapped_column(default=0)
    is_known: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
