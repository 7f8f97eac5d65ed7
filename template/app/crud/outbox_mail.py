"""Queries for mail that is still to be sent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from app.core.mail.purposes import MailPurpose
from app.crud.changes import change
from app.crud.table import Table
from app.models.outbox_mail import OutboxMail


class OutboxMailRepository(Table):
    """Queues mail, and gives each to one worker at a time."""

    async def queue(
        self, purpose: MailPurpose, recipient: str, *, user_id: UUID | None = None
    ) -> None:
        """Queue mail; it is sent once the unit of work is committed.

        Args:
            purpose: What it is for.
            recipient: To whom it goes, if there is such a user.
            user_id: Whose account it concerns, where that is known without looking it up.
        """
        self._session.add(OutboxMail(purpose=purpose.value, recipient=recipient, user_id=user_id))
        await self._session.flush()

    async def list_due(self, moment: datetime, limit: int) -> Sequence[OutboxMail]:
        """List mail whose time has come, the longest waiting first.

        Mail for purposes that only a newer version of the application knows is left to it.
        """
        statement = (
            select(OutboxMail)
            .where(OutboxMail.due_at <= moment, OutboxMail.purpose.in_(list(MailPurpose)))
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
        """Say when a mail that was claimed may be tried again, if it still is one's own."""
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
