"""The table of tokens that were sent by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class MailToken(Base):
    """A token that proves that somebody reads the mail of an address; it can be used once.

    Attributes:
        digest: SHA-256 of the token, which itself is stored nowhere.
        purpose: What it is good for, a value of `app.core.mail.purposes.MailPurpose`.
        email: The address to which it was sent.
    """

    __tablename__ = "mail_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime] = mapped_column(index=True)
