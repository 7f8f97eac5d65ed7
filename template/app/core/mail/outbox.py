"""Queries for mail that is still to be sent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.mail.purposes import MailPurpose
from app.core.resource.repository import Table, change
from app.db.base import Entity, now


class OutboxMail(Entity):
    """Mail to be sent; never with a token, which is made when it is sent.

    Attributes:
        purpose: A value of `app.accounts.mail.purposes.MailPurpose`.
        recipient: The address that was asked for; it need not be anybody's.
        user_id: Whose account it concerns, where that is known without looking it up.
        due_at: When it may be tried next; whoever tries it moves this first, so that no
            other does.
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


class OutboxMailRepository(Table):
    """Queues mail, and gives each to one worker at a time."""

    async def queue(
        self, purpose: MailPurpose, recipient: str, *, user_id: UUID | None = None
    ) -> None:
        """Queue mail; it is sent once the unit of work is committed.

        Args:
            purpose: What it is for.
            recipient: To whom it goes, if there is such a user.
            user_id: Whose account it concerns, where that is known without looking it
                up.
        """
        self._session.add(
            OutboxMail(purpose=purpose.value, recipient=recipient, user_id=user_id)
        )
        await self._session.flush()

    async def list_due(self, moment: datetime, limit: int) -> Sequence[OutboxMail]:
        """List mail whose time has come, the longest waiting first.

        Mail for purposes that only a newer version of the application knows is left to
        it.
        """
        statement = (
            select(OutboxMail)
            .where(
                OutboxMail.due_at <= moment, OutboxMail.purpose.in_(list(MailPurpose))
            )
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(limit)
        )
        return (await self._session.scalars(statement)).all()

    async def claim(self, mail: OutboxMail, until: datetime) -> bool:
        """Keep other workers off a mail for a while; tell whether none was faster."""
        statement = (
            update(OutboxMail)
            .where(OutboxMail.id == mail.id, OutboxMail.attempts == mail.attempts)
            .values(attempts=mail.attempts + 1, due_at=until)
        )
        return bool(await change(self._session, statement))

    async def postpone(self, mail: OutboxMail, until: datetime) -> None:
        """Set when a claimed mail may be tried again, if it is still claimed by us."""
        statement = (
            update(OutboxMail)
            .where(OutboxMail.id == mail.id, OutboxMail.attempts == mail.attempts + 1)
            .values(due_at=until)
        )
        await change(self._session, statement)

    async def remove(self, mail: OutboxMail) -> None:
        """Forget a mail, which was sent or never will be."""
        await change(self._session, delete(OutboxMail).where(OutboxMail.id == mail.id))

    async def withdraw(self, user_id: UUID, purpose: MailPurpose) -> None:
        """Forget mail that waits for a user: a token in it would be a new one."""
        statement = delete(OutboxMail).where(
            OutboxMail.user_id == user_id, OutboxMail.purpose == purpose.value
        )
        await change(self._session, statement)
