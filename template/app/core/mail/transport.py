"""Mail by way of a server (RFC 5321)."""

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


class Mailer(Protocol):
    """Hands messages over to those who deliver them."""

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over; if this raises anything, it must be tried again."""


def make_mailer(settings: MailSettings, backend: Backend) -> Mailer:
    """Return what sends messages by a backend."""
    return SmtpMailer(settings) if backend == "smtp" else FolderMailer(settings.folder)


logger = structlog.get_logger()

TIMEOUT = 30
"""Seconds after which sending one mail is given up: it is tried again later."""


class FolderMailer:
    """Writes each message into a file of its own, which only its owner can read.

    Args:
        folder: Where the files are; it is made if it is missing.
    """

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


GOODBYE_SECONDS = 1


class SmtpMailer:
    """Hands each message to a server, over a connection of its own.

    Args:
        settings: Where the server is, and how to talk to it.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        # Reading all authorities of the system takes long: once is enough.
        self._tls = (
            None if settings.security == "none" else ssl.create_default_context()
        )

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            SMTPException: If the server refuses it, or cannot encrypt the connection.
            OSError: If the server cannot be reached.
            TimeoutError: If all this takes too long.
        """
        client = self._client()
        try:
            async with asyncio.timeout(TIMEOUT):
                await client.connect()
                await client.send_message(message)
            # The server has the message by now: it must not be sent again for what
            # comes later.
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE_SECONDS)
        finally:
            client.close()

    def _client(self) -> SMTP:
        settings = self._settings
        password = settings.password
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=password.get_secret_value() if password else None,
            timeout=TIMEOUT,
            use_tls=settings.security == "tls",
            # Required, not tried: who can remove the offer could read everything
            # (RFC 8314).
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
        )
