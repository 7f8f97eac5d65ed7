"""A real mail server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, Envelope

from app.core.mail.transport import Mailer, MailSettings, make_mailer

HOST = "127.0.0.1"


class MailServer:
    """Takes mail, unless a test says otherwise; `received` has the recipients of what it took.

    Attributes:
        answers: What it says to the next messages, instead of taking them.
        hanging: Recipients whose messages it never says anything to.
    """

    def __init__(self) -> None:
        self.port = 0
        self.received: list[str] = []
        self.contents: list[bytes] = []
        self.answers: list[str] = []
        self.hanging: set[str] = set()
        self.arrived = asyncio.Event()
        self._servers: list[asyncio.Server] = []

    async def start(self, *, tls: ssl.SSLContext | None = None, **options: Any) -> None:
        """Listen, on the same port as before."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.test", **options),
            HOST,
            self.port,
            ssl=tls,
        )
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse all connections."""
        for server in self._servers:
            server.close()
        self._servers.clear()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Say what happens to a message."""
        [recipient] = envelope.rcpt_tos
        if recipient in self.hanging:
            await asyncio.Event().wait()
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        assert isinstance(envelope.content, bytes)
        self.received.append(recipient)
        self.contents.append(envelope.content)
        self.arrived.set()
        return "250 OK"

    def mailer(self, **changes: Any) -> Mailer:
        """Give what sends mail to this server."""
        values = {"host": HOST, "port": self.port, "security": "none"} | changes
        return make_mailer(MailSettings.model_validate(values), "smtp")


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """Give a server that listens as soon as it is started."""
    server = MailServer()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Give an authority that signs certificates."""
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    """Give what proves to be the mail server, to those who trust the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context


@pytest.fixture
def trusted(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trust the authority, as a machine trusts those of its system."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
