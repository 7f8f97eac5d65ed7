"""Mail that is still to be sent: a queue in the database."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, delete, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.resource.repository import change
from app.db.base import Entity, now

WAKE_DELAY = 0.1
"""Seconds for the answer to go first: its time must not tell who gets mail."""


class OutboxMail(Entity):
    """Mail to be sent; never with a secret, which is made when it is sent.

    Attributes:
        purpose: What it is for; whoever queues it knows how to write it.
        recipient: The address that was asked for; it need not be anybody's.
        owner_id: Whom it concerns, where that is known without looking it up.
        due_at: When it may be tried next; whoever tries it moves this first.
        attempts: How often it was tried.
    """

    __tablename__ = "outbox_mails"

    purpose: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)


async def queue_mail(
    session: AsyncSession, purpose: str, recipient: str, owner_id: UUID | None = None
) -> None:
    """Queue mail; when this is committed, the worker of this process is woken."""
    session.add(OutboxMail(purpose=purpose, recipient=recipient, owner_id=owner_id))
    await session.flush()
    queued: asyncio.Event | None = session.info.get("mail_queued")

    def wake_worker(_session: Session) -> None:
        if queued:
            asyncio.get_running_loop().call_later(WAKE_DELAY, queued.set)

    event.listen(session.sync_session, "after_commit", wake_worker, once=True)


async def withdraw_mail(session: AsyncSession, purpose: str, owner_id: UUID) -> None:
    """Delete mail that waits for somebody: a secret in it would be a new one."""
    is_theirs = (OutboxMail.owner_id == owner_id, OutboxMail.purpose == purpose)
    await change(session, delete(OutboxMail).where(*is_theirs))
