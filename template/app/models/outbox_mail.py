"""The table of mail that is still to be sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Entity, now


class OutboxMail(Entity):
    """Mail to be sent; never with a token, which is made when it is sent.

    Attributes:
        purpose: A value of `app.core.mail.purposes.MailPurpose`.
        recipient: The address that was asked for; it need not be anybody's.
        user_id: Whose account it concerns, where that is known without looking it up.
        due_at: When it may be tried next; whoever tries it moves this first, so that no other does.
        attempts: How often it was tried.
    """

    __tablename__ = "outbox_mails"

    purpose: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
