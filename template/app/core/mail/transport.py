"""Hands messages over: to a mail server (RFC 5321), or into a folder."""

import asyncio
import os
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import mkstemp
from typing import Protocol

import structlog
from aiosmtplib import SMTP, SMTPException

from app.core.mail.settings import Backend, MailSettings

TIMEOUT, GOODBYE_TIMEOUT = 30, 1
"""Seconds after which sending one mail is given up, and is tried again later."""

logger = structlog.get_logger()


class Mailer(Protocol):
    """Hands messages over to those who deliver them."""

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over; if this raises anything, it must be tried again."""


def make_mailer(settings: MailSettings, backend: Backend) -> Mailer:
    """Create what sends messages by a backend."""
    return SmtpMailer(settings) if backend == "smtp" else FolderMailer(settings.folder)


class FolderMailer:
    """Writes each message into a file of its own, which only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write a message."""
        path = await asyncio.to_thread(self._write, message)
        logger.info("mail_written", file=str(path))

    def _write(self, message: EmailMessage) -> Path:
        """Write under another name first: readers of the folder find whole messages."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-"
        descriptor, unfinished = mkstemp(prefix=name, suffix=".part", dir=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
        return Path(unfinished).rename(Path(unfinished).with_suffix(".eml"))


class SmtpMailer:
    """Hands each message to a server, over a connection of its own."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        is_encrypted = settings.security != "none"
        # Reading all authorities of the system takes long: once is enough.
        self._tls = ssl.create_default_context() if is_encrypted else None

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            SMTPException: If the server refuses it, or cannot encrypt the connection.
            OSError: If the server cannot be reached, or all this takes too long.
        """
        settings, password = self._settings, self._settings.password
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=password.get_secret_value() if password else None,
            timeout=TIMEOUT,
            use_tls=settings.security == "tls",
            # Required, not tried: who can remove the offer could read all (RFC 8314).
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
        )
        try:
            async with asyncio.timeout(TIMEOUT):
                await client.connect()
                await client.send_message(message)
            # The server has it: what goes wrong now must not make us send it again.
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE_TIMEOUT)
        finally:
            client.close()
