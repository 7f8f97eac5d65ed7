"""Sends what waits in the outbox: claims, retries and leases."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Collection, Container
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.background import in_background
from app.core.mail.outbox import OutboxMail, OutboxMailRepository
from app.core.mail.transport import TIMEOUT, Mailer
from app.db import dialect

logger = structlog.get_logger()

BATCH = 20
POLL_INTERVAL = 2
"""Seconds between two looks for mail that is due: nobody waits longer for a link."""
LEASE = timedelta(seconds=4 * TIMEOUT)
"""After this another worker takes over; what is still being sent must not be."""
FIRST_DELAY, MAX_DELAY, MAX_DOUBLINGS = 10, 900, 20
"""Seconds before a mail that failed is tried again, which double up to the longest."""
GIVE_UP_AFTER = timedelta(days=3)
"""Mail that still fails is dropped: servers give up after days too (RFC 5321)."""

Write = Callable[[], EmailMessage]


class MailWriter(Protocol):
    """Knows what is in mail; every feature that sends some has one.

    Attributes:
        purposes: The mail that it can write.
    """

    @property
    def purposes(self) -> Collection[str]:
        """The purposes of mail that it can write."""

    def prepare(
        self, session: AsyncSession, mail: OutboxMail
    ) -> Awaitable[Write | None]:
        """Decide what to send, in a transaction; `None` means nothing, to nobody.

        It locks what it changes before the mail is claimed, and is rolled back if
        another worker was faster. What it returns writes the message.
        """


@dataclass(frozen=True)
class OutboxWorker:
    """Turns rows of the outbox into messages."""

    sessions: async_sessionmaker[AsyncSession]
    mailer: Mailer
    writer: MailWriter

    async def deliver_due(self) -> int:
        """Try all mail whose time has come, each once; return how much was sent."""
        sent, tried = 0, set[UUID]()
        while batch := await self._list_due(but=tried):
            for mail in batch:
                tried.add(mail.id)
                sent += await self._deliver(mail)
        return sent

    def run(self) -> AbstractAsyncContextManager[None]:
        """Send mail in the background, until the end of the block."""
        return in_background(self.deliver_due, POLL_INTERVAL, "mail_worker_failed")

    async def _list_due(self, *, but: Container[UUID]) -> list[OutboxMail]:
        async with self.sessions.begin() as session:
            await session.connection(execution_options=dialect.READING)
            due = await OutboxMailRepository(session).list_due(
                datetime.now(UTC), self.writer.purposes, BATCH
            )
        return [mail for mail in due if mail.id not in but]

    async def _deliver(self, mail: OutboxMail) -> bool:
        write = await self._claim(mail)
        if write is None:
            return False
        try:
            await self.mailer.send(write())
        except Exception as error:  # noqa: BLE001
            await self._postpone(mail, error)
            return False
        async with self.sessions.begin() as session:
            await OutboxMailRepository(session).remove(mail)
        logger.info("mail_sent", purpose=mail.purpose, mail=str(mail.id))
        return True

    async def _claim(self, mail: OutboxMail) -> Write | None:
        """Keep other workers off a mail; what is for nobody is removed."""
        async with self.sessions.begin() as session:
            outbox = OutboxMailRepository(session)
            write = await self.writer.prepare(session, mail)
            if not await outbox.claim(mail, datetime.now(UTC) + LEASE):
                await session.rollback()
                return None
            if write is None:
                await outbox.remove(mail)
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
            outbox = OutboxMailRepository(session)
            if moment - mail.created_at >= GIVE_UP_AFTER:
                await outbox.remove(mail)
                failed.error("mail_dropped")
            else:
                await outbox.postpone(mail, moment + delay_after(attempts))
                failed.warning("mail_failed")


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after some failed attempts."""
    seconds = FIRST_DELAY * 2 ** min(attempts - 1, MAX_DOUBLINGS)
    return timedelta(seconds=min(seconds, MAX_DELAY))


async def termination() -> None:
    """Wait until somebody ends the process."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    # An exception in a handler would be raised wherever the process is just then, and
    # lost in some places:
    # https://docs.python.org/3/library/signal.html#note-on-signal-handlers-and-exceptions
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
