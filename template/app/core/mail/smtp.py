"""Mail by way of a server (RFC 5321)."""

import asyncio
import ssl
from contextlib import suppress
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPException

from app.core.settings.mail import MailSettings

GOODBYE_SECONDS = 1


class SmtpMailer:
    """Hands each message to a server, over a connection of its own.

    Args:
        settings: Where the server is, and how to talk to it.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        # Reading all authorities of the system takes long: once is enough.
        self._tls = None if settings.security == "none" else ssl.create_default_context()

    async def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            SMTPException: If the server refuses it, or cannot encrypt the connection.
            OSError: If the server cannot be reached.
            TimeoutError: If all this takes too long.
        """
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.timeout):
                await client.connect()
                await client.send_message(message)
            # The server has the message by now: it must not be sent again for what comes later.
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
            timeout=settings.timeout,
            use_tls=settings.security == "tls",
            # Required, not tried: whoever can remove the offer could read everything (RFC 8314).
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
        )
