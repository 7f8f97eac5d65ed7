"""Hands messages over: to a mail server (RFC 5321), or into a folder."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import structlog
from aiosmtplib import SMTP, SMTPException
from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator

from app.core.addresses import Machine
from app.core.fields.email import normalize_email
from app.core.settings import SettingsGroup

Backend = Literal["smtp", "folder"]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_sender(sender: str) -> str:
    """Refuse what is no address; one at `localhost` is, for trying things out."""
    return sender if sender.endswith("@localhost") else normalize_email(sender)


class MailSettings(SettingsGroup):
    """How mail is sent, and what is in it.

    Attributes:
        backend: To a server, or into a folder; `None` means: to a server in production,
            into the folder elsewhere.
        folder: Where the backend `folder` writes a file for each mail.
        port: 587 is usual for `starttls`, 465 for `tls`.
        security: How the connection is encrypted: after a greeting, from the start, or
            not at all.
        frontend_url: The web application that links lead to; `None` means that mail has
            tokens to copy instead of links.
        reset_minutes: Minutes for which a token resets a password, or confirms a new
            address.
        worker: Whether the application itself sends mail, and not `python -m app
            send-mail --forever`; `None` means: everywhere but in tests.
    """

    backend: Backend | None = None
    folder: Path = Path("var/mail")
    host: Machine = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: Annotated[str, AfterValidator(check_sender)] = "no-reply@localhost"
    frontend_url: str | None = None
    reset_minutes: int = Field(default=60, ge=1, le=1440)
    worker: bool | None = None

    @field_validator("frontend_url")
    @classmethod
    def _refuse_what_is_no_place(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "https://app.example.com")
        is_web = parts.scheme in {"http", "https"} and parts.hostname
        if not is_web or "@" in parts.netloc:
            raise ValueError("must be an address such as https://app.example.com")
        if parts.query or parts.fragment:
            raise ValueError("must have no query and no fragment: it gets the token")
        return url and url.rstrip("/")

    @model_validator(mode="after")
    def _keep_the_password_from_listeners(self) -> Self:
        is_readable = self.security == "none" and self.host not in LOOPBACK
        if self.password and is_readable:
            raise ValueError("password must not be sent with the security `none`")
        if bool(self.password) != bool(self.username):
            raise ValueError("username and password must be set together")
        return self


TIMEOUT, GOODBYE_TIMEOUT = 30, 1
"""Seconds after which sending one mail is given up, and is tried again later."""

logger = structlog.get_logger()

Mailer = Callable[[EmailMessage], Awaitable[None]]
"""Hands a message over; if it raises anything, this must be tried again."""


def make_mailer(settings: MailSettings, backend: Backend) -> Mailer:
    """Create what sends messages by a backend."""
    if backend == "folder":
        return partial(send_to_folder, settings.folder)
    # Reading all authorities of the system takes long: once is enough.
    tls = ssl.create_default_context() if settings.security != "none" else None
    return partial(send_to_server, settings, tls)


async def send_to_folder(folder: Path, message: EmailMessage) -> None:
    """Write a message into a file of its own, which only its owner can read."""
    path = await asyncio.to_thread(write_file, folder, message)
    logger.info("mail_written", file=str(path))


def write_file(folder: Path, message: EmailMessage) -> Path:
    """Write under another name first: readers of the folder find whole messages."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-"
    descriptor, unfinished = mkstemp(prefix=name, suffix=".part", dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message.as_bytes())
    return Path(unfinished).rename(Path(unfinished).with_suffix(".eml"))


async def send_to_server(
    settings: MailSettings, tls: ssl.SSLContext | None, message: EmailMessage
) -> None:
    """Hand a message to a server, over a connection of its own.

    Raises:
        SMTPException: If the server refuses it, or cannot encrypt the connection.
        OSError: If the server cannot be reached, or all this takes too long.
    """
    password = settings.password
    client = SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=password.get_secret_value() if password else None,
        timeout=TIMEOUT,
        use_tls=settings.security == "tls",
        # Required, not tried: who can remove the offer could read all (RFC 8314).
        start_tls=settings.security == "starttls",
        tls_context=tls,
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            await client.connect()
            await client.send_message(message)
        # The server has it: what goes wrong now must not make us send it again.
        with suppress(SMTPException, OSError, RuntimeError):
            await client.quit(timeout=GOODBYE_TIMEOUT)
    finally:
        client.close()
