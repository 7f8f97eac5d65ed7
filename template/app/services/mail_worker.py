"""Sends mail for as long as the application runs."""

from contextlib import AbstractAsyncContextManager

from app.core.mail.mailer import make_mailer
from app.core.mail.message import Composer
from app.core.settings.mail import Backend, MailSettings
from app.crud.unit_of_work import UnitOfWorkFactory
from app.services.background import in_background
from app.services.outbox import OutboxService

FAILED = "mail_worker_failed"


def make_outbox(
    begin: UnitOfWorkFactory, settings: MailSettings, backend: Backend, project_name: str
) -> OutboxService:
    """Provide the service that sends mail."""
    mailer, composer = make_mailer(settings, backend), Composer(project_name, settings)
    return OutboxService(begin, mailer, composer, settings)


def run_mail_worker(outbox: OutboxService, interval: float) -> AbstractAsyncContextManager[None]:
    """Send mail in the background, until the end of the block."""
    return in_background(outbox.deliver_due, interval, FAILED)
