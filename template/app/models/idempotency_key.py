"""The table of requests that may be repeated, with their answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import LongText


class IdempotencyKey(Base):
    """A request that a client has named, so that it is carried out once.

    Attributes:
        digest: Who has named it, where and how.
        owner_id: Whose request it is, where callers are known.
        fingerprint: What it says, as a digest.
        status: Of the answer; others see the row only when there is one.
        headers: Those of the answer that tell about what was made.
        expires_at: When all this is forgotten.
    """

    __tablename__ = "idempotency_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(LongText, default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)
