"""Mail that is still to be sent: a queue in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import Table, change
from app.db.base import Entity, now


class OutboxMail(Entity):
    """Mail to be sent; never with a secret, which is made when it is sent.

    Attributes:
        purpose: What it is for; whoever queues it knows how to write it.
        recipient: The address that was asked for; it need not be anybody's.
        owner_id: Whom it concerns, where that is known without looking it up.
        due_at: When it may be tried next; whoever tries it moves this first, so that no
            other does.
        attempts: How often it was tried.
    """

    __tablename__ = "outbox_mails"

    purpose: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)


class OutboxMailRepository(Table):
    """Queues mail, and gives each to one worker at a time."""

    async def queue(
        self, purpose: str, recipient: str, *, owner_id: UUID | None = None
    ) -> None:
        """Queue mail; it is sent once the unit of work is committed.

        Args:
            purpose: What it is for.
            recipient: To whom it goes, if there is such a user.
            owner_id: Whom it concerns, where that is known without looking it up.
        """
        self._session.add(
            OutboxMail(purpose=str(purpose), recipient=recipient, owner_id=owner_id)
        )
        await self._session.flush()

    async def list_due(
        self, moment: datetime, purposes: Collection[str], limit: int
    ) -> Sequence[OutboxMail]:
        """List mail whose time has come, the longest waiting first.

        Mail for purposes that only a newer version of the application knows is left to
        it.
        """
        statement = (
            select(OutboxMail)
            .where(OutboxMail.due_at <= moment, OutboxMail.purpose.in_(purposes))
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(limit)
        )
        return (await self._session.scalars(statement)).all()

    async def claim(self, mail: OutboxMail, until: datetime) -> bool:
        """Keep other workers off a mail for a while; return whether none was faster."""
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
        """Delete a mail, which was sent or never will be."""
        await change(self._session, delete(OutboxMail).where(OutboxMail.id == mail.id))

    async def withdraw(self, owner_id: UUID, purpose: str) -> None:
        """Delete mail that waits for somebody: a secret in it would be a new one."""
        statement = delete(OutboxMail).where(
            OutboxMail.owner_id == owner_id, OutboxMail.purpose == str(purpose)
        )
        await change(self._session, statement)
