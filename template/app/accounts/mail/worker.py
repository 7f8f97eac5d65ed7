"""Sends mail for as long as the application runs."""

from collections.abc import Container
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import structlog

from app.accounts.crud.unit_of_work import UnitOfWorkFactory
from app.accounts.mail.messages import (
    EmailRenderer,
    OutgoingEmail,
    lock_user,
    prepare_email,
)
from app.core.background import in_background
from app.core.mail.outbox import OutboxMail
from app.core.mail.settings import Backend, MailSettings
from app.core.mail.transport import Mailer, make_mailer

logger = structlog.get_logger()

BATCH = 20
FIRST_DELAY = 10
MOST_DOUBLINGS = 20


class OutboxService:
    """Turns rows of the outbox into messages.

    Args:
        begin: Begins a unit of work.
        mailer: Hands messages over.
        composer: Writes messages.
        settings: How often, how long and how late mail is tried.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        mailer: Mailer,
        composer: EmailRenderer,
        settings: MailSettings,
    ) -> None:
        self._begin, self._mailer, self._composer = begin, mailer, composer
        self._settings = settings

    async def deliver_due(self) -> int:
        """Try all mail whose time has come, each once; tell how many messages were sent."""
        sent, tried = 0, set[UUID]()
        while batch := await self._list_due(but=tried):
            for mail in batch:
                tried.add(mail.id)
                sent += await self._deliver(mail)
        return sent

    async def _list_due(self, *, but: Container[UUID]) -> list[OutboxMail]:
        async with self._begin(reading=True) as unit:
            due = await unit.outbox.list_due(datetime.now(UTC), BATCH)
        return [mail for mail in due if mail.id not in but]

    async def _deliver(self, mail: OutboxMail) -> bool:
        letter = await self._take(mail)
        if letter is None:
            return False
        try:
            await self._mailer.send(self._compose(letter))
        except Exception as error:  # noqa: BLE001
            await self._postpone(mail, error)
            return False
        async with self._begin() as unit:
            await unit.outbox.remove(mail)
        logger.info("mail_sent", purpose=mail.purpose, mail=str(mail.id))
        return True

    def _compose(self, letter: OutgoingEmail) -> EmailMessage:
        purpose, address = letter.purpose, letter.address
        return self._composer.compose(
            purpose, address, token=letter.token, minutes=letter.minutes
        )

    async def _take(self, mail: OutboxMail) -> OutgoingEmail | None:
        """Keep other workers off a mail, and decide what to send; mail for nobody is removed."""
        moment = datetime.now(UTC)
        async with self._begin() as unit:
            # Users are locked before mail, as everybody else does it.
            user = await lock_user(unit, mail)
            if not await unit.outbox.claim(
                mail, moment + timedelta(seconds=self._settings.lease)
            ):
                return None
            letter = await prepare_email(unit, mail, user, self._settings, moment)
            if letter is None:
                await unit.outbox.remove(mail)
            return letter

    async def _postpone(self, mail: OutboxMail, error: Exception) -> None:
        """Try a mail again later, each time after twice the wait; in the end, drop it."""
        attempts, moment = mail.attempts + 1, datetime.now(UTC)
        # The texts of errors have addresses in them: the log gets the kind alone.
        failed = logger.bind(
            purpose=mail.purpose,
            mail=str(mail.id),
            attempts=attempts,
            error=type(error).__name__,
            code=getattr(error, "code", None),
        )
        async with self._begin() as unit:
            if moment - mail.created_at >= timedelta(days=self._settings.give_up_days):
                await unit.outbox.remove(mail)
                failed.error("mail_dropped")
            else:
                await unit.outbox.postpone(mail, moment + self._delay(attempts))
                failed.warning("mail_failed")

    def _delay(self, attempts: int) -> timedelta:
        seconds = FIRST_DELAY * 2 ** min(attempts - 1, MOST_DOUBLINGS)
        return timedelta(seconds=min(seconds, self._settings.max_delay))


FAILED = "mail_worker_failed"


def make_outbox(
    begin: UnitOfWorkFactory,
    settings: MailSettings,
    backend: Backend,
    project_name: str,
) -> OutboxService:
    """Provide the service that sends mail."""
    mailer, composer = (
        make_mailer(settings, backend),
        EmailRenderer(project_name, settings),
    )
    return OutboxService(begin, mailer, composer, settings)


def run_mail_worker(
    outbox: OutboxService, interval: float
) -> AbstractAsyncContextManager[None]:
    """Send mail in the background, until the end of the block."""
    return in_background(outbox.deliver_due, interval, FAILED)
