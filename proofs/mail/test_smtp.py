"""Mail by way of a real server."""

import ssl
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
)

from app.accounts.mail.messages import AccountMailWriter
from app.accounts.models import MailPurpose
from app.core.mail.transport import MailSettings
from proofs.mail.conftest import MailServer

ADA = "ada@example.com"
MESSAGE = AccountMailWriter("Bücher", MailSettings()).write(
    MailPurpose.PASSWORD_CHANGED, ADA
)


def authenticate(
    _server: Any, _session: Any, _envelope: Any, _kind: str, data: Any
) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"mailer", b"right"), handled=False)


async def test_a_message_arrives_as_it_was_written(mail_server: MailServer) -> None:
    await mail_server.start()
    await mail_server.mailer()(MESSAGE)
    assert mail_server.received == [ADA]
    assert (
        f"Message-ID: {MESSAGE['Message-ID']}\r\n".encode() in mail_server.contents[0]
    )


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_message_arrives_encrypted(
    mail_server: MailServer, certificate: ssl.SSLContext, security: str
) -> None:
    if security == "tls":
        await mail_server.start(tls=certificate)
    else:
        await mail_server.start(tls_context=certificate, require_starttls=True)
    await mail_server.mailer(security=security)(MESSAGE)
    assert mail_server.received == [ADA]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_nobody_vouches_for_gets_nothing(
    mail_server: MailServer, certificate: ssl.SSLContext, security: str
) -> None:
    if security == "tls":
        await mail_server.start(tls=certificate)
    else:
        await mail_server.start(tls_context=certificate)
    with pytest.raises((SMTPException, ssl.SSLError), match=r"(?i)certificate"):
        await mail_server.mailer(security=security)(MESSAGE)
    assert mail_server.received == []


async def test_a_server_that_does_not_offer_to_encrypt_gets_nothing(
    mail_server: MailServer,
) -> None:
    await mail_server.start()
    with pytest.raises(SMTPException, match="STARTTLS"):
        await mail_server.mailer(security="starttls")(MESSAGE)
    assert mail_server.received == []


@pytest.mark.usefixtures("trusted")
async def test_the_password_opens_the_server(
    mail_server: MailServer, certificate: ssl.SSLContext
) -> None:
    await mail_server.start(
        tls_context=certificate, authenticator=authenticate, auth_required=True
    )
    login = {"security": "starttls", "username": "mailer"}
    with pytest.raises(SMTPAuthenticationError):
        await mail_server.mailer(password="wrong", **login)(MESSAGE)
    await mail_server.mailer(password="right", **login)(MESSAGE)
    assert mail_server.received == [ADA]


async def test_what_the_server_refuses_is_an_error(mail_server: MailServer) -> None:
    await mail_server.start()
    mail_server.answers = ["550 No such person"]
    with pytest.raises(SMTPDataError):
        await mail_server.mailer()(MESSAGE)


async def test_a_server_that_is_away_is_an_error(mail_server: MailServer) -> None:
    await mail_server.start()
    await mail_server.stop()
    with pytest.raises(SMTPConnectError):
        await mail_server.mailer()(MESSAGE)


async def test_a_server_that_says_nothing_is_given_up(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.mail.transport.TIMEOUT", 0.1)
    await mail_server.start()
    mail_server.hanging = {ADA}
    with pytest.raises((TimeoutError, SMTPException)):
        await mail_server.mailer()(MESSAGE)
