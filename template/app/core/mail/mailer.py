"""What can send a message."""

from email.message import EmailMessage
from typing import Protocol

from app.core.mail.folder import FolderMailer
from app.core.mail.smtp import SmtpMailer
from app.core.settings.mail import Backend, MailSettings


class Mailer(Protocol):
    """Hands messages over to those who deliver them."""

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over; if this raises anything, it must be tried again."""


def make_mailer(settings: MailSettings, backend: Backend) -> Mailer:
    """Give what sends messages by a backend."""
    return SmtpMailer(settings) if backend == "smtp" else FolderMailer(settings.folder)
