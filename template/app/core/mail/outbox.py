"""Mail that is still to be sent: a queue in the database, and what empties it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import structlog
from sqlalchemy import String, delete, event, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.background import in_background
from app.core.mail.transport import TIMEOUT, Mailer
from app.core.resource.repository import change
from app.db import dialect
from app.db.base import Entity, now

WAKE_DELAY = 0.1
"""Seconds for the answer to go first: its time must not tell who gets mail."""
POLL_INTERVAL = 2
"""Seconds between two looks for mail that other processes have queued."""
LEASE = timedelta(seconds=4 * TIMEOUT)
"""After this another worker takes over; what is still being sent must not be."""
FIRST_DELAY, MAX_DELAY, MAX_DOUBLINGS = 10, 900, 20
"""Seconds before a mail that failed is tried again, which double up to the longest."""
GIVE_UP_AFTER = timedelta(days=3)
"""Mail that still fails is dropped: servers give up after days too (RFC 5321)."""

logger = structlog.get_logger()


class OutboxMail(Entity):
    """Mail to be sent; never with a secret, which is made when it is sent.

    Attributes:
        purpose: What it is for; whoever queues it knows how to write it.
        recipient: The address that was asked for; it need not be anybody's.
        owner_id: Whom it concerns, where that is known without looking it up.
        asked_by: The network of the client that asked for it.
        due_at: When it may be tried next; whoever tries it moves this first.
        attempts: How often it was tried.
    """

    __tablename__ = "outbox_mails"

    purpose: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    asked_by: Mapped[str] = mapped_column(String(50), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)


async def queue_mail(
    session: AsyncSession,
    purpose: str,
    recipient: str,
    owner_id: UUID | None = None,
    asked_by: str = "",
) -> None:
    """Queue mail; when this is committed, the worker of this process is woken."""
    values = {"purpose": purpose, "recipient": recipient, "asked_by": asked_by}
    session.add(OutboxMail(**values, owner_id=owner_id))
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


Write = Callable[[], EmailMessage]
Prepare = Callable[[AsyncSession, OutboxMail], Awaitable[Write | None]]
"""Decides, in a transaction, what to send; `None` means nothing, to nobody.

It locks what it changes before the mail is claimed, and is rolled back if another
worker was faster. What it returns writes the message.
"""


@dataclass(frozen=True)
class OutboxWorker:
    """Turns rows of the outbox into messages.

    What has none of its purposes is left to newer versions.
    """

    sessions: async_sessionmaker[AsyncSession]
    mailer: Mailer
    purposes: Collection[str]
    prepare: Prepare

    def run(self) -> AbstractAsyncContextManager[None]:
        """Send mail in the background, until the end of the block."""
        queued = asyncio.Event()
        self.sessions.configure(info={"mail_queued": queued})
        failure = "mail_worker_failed"
        return in_background(self.deliver_due, POLL_INTERVAL, failure, queued)

    async def deliver_due(self) -> int:
        """Try all mail whose time has come; return how much was sent."""
        sent = 0
        while mail := await self._find_due():
            sent += await self._deliver(mail)
        return sent

    async def _find_due(self) -> OutboxMail | None:
        moment, due_at = datetime.now(UTC), OutboxMail.due_at
        # What is due later than any mail can be was queued before a clock was set back.
        latest = moment + timedelta(seconds=MAX_DELAY)
        is_due = or_(due_at <= moment, due_at > latest)
        is_known = OutboxMail.purpose.in_(self.purposes)
        statement = select(OutboxMail).where(is_due, is_known).limit(1)
        async with self.sessions.begin() as session:
            dialect.only_read(session)
            return await session.scalar(
                statement.order_by(OutboxMail.due_at, OutboxMail.id)
            )

    async def _deliver(self, mail: OutboxMail) -> bool:
        write = await self._claim(mail)
        if write is None:
            return False
        try:
            await self.mailer(write())
        except Exception as error:  # noqa: BLE001
            await self._postpone(mail, error)
            return False
        async with self.sessions.begin() as session:
            await remove(session, mail)
        logger.info("mail_sent", purpose=mail.purpose, mail=str(mail.id))
        return True

    async def _claim(self, mail: OutboxMail) -> Write | None:
        """Keep other workers off a mail; what is for nobody is removed."""
        async with self.sessions.begin() as session:
            write = await self.prepare(session, mail)
            until = datetime.now(UTC) + LEASE
            if not await postpone(session, mail, mail.attempts, until):
                await session.rollback()
                return None
            if write is None:
                await remove(session, mail)
            return write

    async def _postpone(self, mail: OutboxMail, error: Exception) -> None:
        """Try a mail again later, after twice the last wait; in the end, drop it."""
        attempts, moment = mail.attempts + 1, datetime.now(UTC)
        # The texts of errors have addresses in them: the log gets the kind alone.
        failed = logger.bind(
            purpose=mail.purpose,
            mail=str(mail.id),
            attempts=attempts,
            error=type(error).__name__,
            code=getattr(error, "code", None),
        )
        async with self.sessions.begin() as session:
            if moment - mail.created_at >= GIVE_UP_AFTER:
                await remove(session, mail)
                failed.error("mail_dropped")
            else:
                delay = FIRST_DELAY * 2 ** min(mail.attempts, MAX_DOUBLINGS)
                due_at = moment + timedelta(seconds=min(delay, MAX_DELAY))
                await postpone(session, mail, attempts, due_at)
                failed.warning("mail_failed")


async def postpone(
    session: AsyncSession, mail: OutboxMail, attempts: int, due_at: datetime
) -> bool:
    """Set when a mail is due; return whether no other worker has tried it meanwhile."""
    unclaimed = (OutboxMail.id == mail.id, OutboxMail.attempts == attempts)
    values = {"attempts": mail.attempts + 1, "due_at": due_at}
    statement = update(OutboxMail).where(*unclaimed).values(values)
    return bool(await change(session, statement))


async def remove(session: AsyncSession, mail: OutboxMail) -> None:
    """Delete a mail, which was sent or never will be."""
    await change(session, delete(OutboxMail).where(OutboxMail.id == mail.id))
