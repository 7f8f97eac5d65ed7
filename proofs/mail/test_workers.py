"""Several workers, and workers that end in the middle."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, MailToken, User
from app.cli import cli
from app.config import Settings
from app.core.mail.outbox import OutboxMail, queue_mail
from app.core.mail.transport import MailSettings
from app.core.security.opaque_tokens import digest
from proofs.fixtures.accounts import Clock
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.mail import Deliver, MakeOutbox, Queue, read, token_of
from proofs.fixtures.process import start
from proofs.mail.conftest import HOST, MailServer

RESET = MailPurpose.RESET_PASSWORD


class FatalServer(MailServer):
    """Ends the worker as soon as it has a message, before it says so."""

    worker: Any = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        answer = await super().handle_DATA(server, session, envelope)
        self.worker.kill()
        return answer


def environment_of(server: MailServer) -> dict[str, Any]:
    values = {
        "BACKEND": "smtp",
        "HOST": HOST,
        "PORT": str(server.port),
        "SECURITY": "none",
    }
    return {f"MAIL__{name}": value for name, value in values.items()}


@pytest.mark.committed
async def test_two_workers_send_each_mail_once(
    session: AsyncSession,
    queue: Queue,
    make_outbox: MakeOutbox,
    mail_server: MailServer,
) -> None:
    recipients = [f"user{n}@example.com" for n in range(12)]
    for recipient in recipients:
        await queue(MailPurpose.PASSWORD_CHANGED, recipient)
    await mail_server.start()
    workers = [make_outbox(mail_server.mailer()) for _ in range(2)]
    assert (
        sum(await asyncio.gather(*[worker.deliver_due() for worker in workers])) == 12
    )
    assert Counter(mail_server.received) == Counter(recipients)
    assert (await session.scalars(select(OutboxMail))).all() == []


@pytest.mark.committed
async def test_what_a_killed_worker_had_taken_is_sent_again_after_a_while(
    session: AsyncSession,
    settings: Settings,
    user: User,
    queue: Queue,
    mail_clock: Clock,
    deliver: Deliver,
) -> None:
    await queue(RESET, user.email)
    server = FatalServer()
    await server.start()
    server.worker = start(settings, "app", "send-mail", **environment_of(server))
    await asyncio.to_thread(server.worker.communicate, timeout=60)
    await server.stop()
    assert server.received == [user.email]
    [first] = (await session.scalars(select(MailToken.digest))).all()
    await session.commit()
    assert await deliver() == []

    mail_clock.forward(300)
    [message] = await deliver()
    [alive] = (await session.scalars(select(MailToken.digest))).all()
    assert (alive, message["To"]) == (digest(token_of(message)), user.email)
    assert alive != first
    assert (await session.scalars(select(OutboxMail))).all() == []


@pytest.mark.committed
async def test_the_command_sends_what_is_due(
    settings: Settings,
    environment: pytest.MonkeyPatch,
    user: User,
    queue: Queue,
    tmp_path: Path,
    restored_logging: None,  # noqa: ARG001
) -> None:
    await queue(RESET, user.email)
    await queue(RESET, "nobody@example.com")
    environment.setenv("ENVIRONMENT", settings.environment)
    result = await asyncio.to_thread(CliRunner().invoke, cli, ["send-mail"])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Sent 1.")
    [message] = read(tmp_path / "var" / "mail")
    assert message["To"] == user.email


@pytest.mark.committed
async def test_the_command_goes_on_until_somebody_ends_it(
    settings: Settings, user: User, queue: Queue, mail_server: MailServer
) -> None:
    await mail_server.start()
    values = environment_of(mail_server)
    process = start(settings, "app", "send-mail", "--forever", **values)
    for _ in range(2):
        mail_server.arrived.clear()
        await queue(RESET, user.email)
        await asyncio.wait_for(mail_server.arrived.wait(), 60)
    process.terminate()
    await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == 0
    assert mail_server.received == [user.email] * 2


@pytest.mark.committed
async def test_the_application_sends_mail_by_itself(
    make_app: MakeApp,
    user: User,
    queue: Queue,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.mail.outbox.POLL_INTERVAL", 0.01)
    await mail_server.start()
    server = {
        "backend": "smtp",
        "host": HOST,
        "port": mail_server.port,
        "security": "none",
    }
    mail = MailSettings.model_validate(server | {"worker": True})
    app = make_app(mail=mail)
    async with app.router.lifespan_context(app):
        await queue(RESET, user.email)
        await asyncio.wait_for(mail_server.arrived.wait(), 10)
    assert mail_server.received == [user.email]


@pytest.mark.committed
async def test_what_a_request_has_queued_is_sent_at_once(
    make_app: MakeApp,
    user: User,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.mail.outbox.POLL_INTERVAL", 3600)
    await mail_server.start()
    server = {"backend": "smtp", "host": HOST, "port": mail_server.port}
    mail = MailSettings.model_validate(server | {"security": "none", "worker": True})
    app = make_app(mail=mail)
    async with app.router.lifespan_context(app):
        for _ in range(2):
            mail_server.arrived.clear()
            async with app.state.sessions.begin() as session:
                await queue_mail(session, RESET, user.email)
            await asyncio.wait_for(mail_server.arrived.wait(), 10)
    assert mail_server.received == [user.email] * 2
