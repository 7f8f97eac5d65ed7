"""Mail that cannot be sent is tried again, and not lost."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from app.core.background import repeat
from app.core.mail.outbox import OutboxMail, OutboxWorker
from proofs.fixtures.accounts import Clock
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.log import ReadLog
from proofs.fixtures.mail import MakeOutbox, Queue
from proofs.fixtures.users import MakeUser
from proofs.mail.conftest import MailServer

NOTICE, RESET = MailPurpose.PASSWORD_CHANGED, MailPurpose.RESET_PASSWORD
MINUTE, HOUR = 60, 3600


async def fail(message: EmailMessage) -> None:
    """Fail with an error that tells more than the log may."""
    raise OSError(f"canary {message['To']} {message.get_body()}")


async def find_waiting(session: AsyncSession) -> list[OutboxMail]:
    statement = select(OutboxMail).order_by(OutboxMail.id)
    return list(
        await session.scalars(statement.execution_options(populate_existing=True))
    )


async def deliver_for(
    outbox: OutboxWorker, clock: Clock, seconds: float, pause: float = MINUTE
) -> int:
    """Look for due mail after each pause, for some time; tell how much was sent."""
    sent = 0
    for _ in range(round(seconds / pause)):
        clock.forward(pause)
        sent += await outbox.deliver_due()
    return sent


async def test_each_wait_is_twice_the_last(
    session: AsyncSession,
    user: User,
    mail_clock: Clock,
    queue: Queue,
    make_outbox: MakeOutbox,
) -> None:
    await queue(NOTICE, user.email)
    outbox, waits = make_outbox(fail), []
    for _ in range(9):
        assert await outbox.deliver_due() == 0
        [mail] = await find_waiting(session)
        waits.append((mail.due_at - mail_clock.moment).total_seconds())
        mail_clock.moment = mail.due_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 900, 900]


async def test_what_fails_for_days_is_dropped_loudly(
    session: AsyncSession,
    user: User,
    mail_clock: Clock,
    queue: Queue,
    make_outbox: MakeOutbox,
    log: ReadLog,
    make_app: MakeApp,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_app()
    monkeypatch.setattr("app.core.mail.outbox.GIVE_UP_AFTER", timedelta(hours=6))
    monkeypatch.setattr("app.core.mail.outbox.MAX_DELAY", HOUR)
    await queue(RESET, user.email)
    outbox = make_outbox(fail)
    await deliver_for(outbox, mail_clock, 6 * HOUR - 10 * MINUTE, 10 * MINUTE)
    assert len(await find_waiting(session)) == 1
    await deliver_for(outbox, mail_clock, HOUR + 10 * MINUTE, 10 * MINUTE)
    assert await find_waiting(session) == []
    *failures, end = log()
    assert {entry["event"] for entry in failures} == {"mail_failed"}
    assert (end["event"], end["level"]) == ("mail_dropped", "error")


async def test_the_log_names_neither_people_nor_tokens(
    user: User, queue: Queue, make_outbox: MakeOutbox, log: ReadLog, make_app: MakeApp
) -> None:
    make_app()
    await queue(RESET, user.email)
    await make_outbox(fail).deliver_due()
    [entry] = log()
    shown = {
        name: entry[name] for name in ("event", "level", "purpose", "attempts", "error")
    }
    assert shown == {
        "event": "mail_failed",
        "level": "warning",
        "purpose": "reset_password",
        "attempts": 1,
        "error": "OSError",
    }
    assert "canary" not in str(entry)
    assert user.email not in str(entry)


async def test_one_mail_that_hangs_does_not_keep_others_waiting(
    session: AsyncSession,
    queue: Queue,
    make_outbox: MakeOutbox,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.mail.transport.TIMEOUT", 0.2)
    recipients = [f"{name}@example.com" for name in ("ada", "bob", "eve")]
    for recipient in recipients:
        await queue(NOTICE, recipient)
    await mail_server.start()
    mail_server.hanging = {"ada@example.com"}
    outbox = make_outbox(mail_server.mailer())
    assert await outbox.deliver_due() == 2
    assert mail_server.received == recipients[1:]
    [mail] = await find_waiting(session)
    assert mail.recipient == "ada@example.com"


async def test_a_server_that_fails_half_the_time_gets_every_mail_once(
    session: AsyncSession,
    mail_clock: Clock,
    queue: Queue,
    make_outbox: MakeOutbox,
    mail_server: MailServer,
) -> None:
    recipients = [f"user{n}@example.com" for n in range(10)]
    for recipient in recipients:
        await queue(NOTICE, recipient)
    await mail_server.start()
    mail_server.answers = ["250 OK", "451 Later"] * 10
    assert await deliver_for(make_outbox(mail_server.mailer()), mail_clock, HOUR) == 10
    assert Counter(mail_server.received) == Counter(recipients)
    assert await find_waiting(session) == []


async def test_a_server_that_is_away_for_an_hour_gets_every_mail_once(
    session: AsyncSession,
    make_user: MakeUser,
    mail_clock: Clock,
    queue: Queue,
    make_outbox: MakeOutbox,
    mail_server: MailServer,
) -> None:
    await mail_server.start()
    await mail_server.stop()
    outbox = make_outbox(mail_server.mailer())
    users = [await make_user() for _ in range(4)]
    for user in users:
        await queue(RESET, user.email)
        await queue(RESET, f"no-{user.email}")
        assert await deliver_for(outbox, mail_clock, HOUR / 4) == 0
    await mail_server.start()
    assert await deliver_for(outbox, mail_clock, HOUR / 4) == 4
    assert sorted(mail_server.received) == sorted(user.email for user in users)
    assert await find_waiting(session) == []


@pytest.mark.parametrize("back", [HOUR, 16 * MINUTE, 14 * MINUTE, 1])
async def test_a_clock_that_is_set_back_delays_no_mail_for_longer_than_a_retry(
    user: User,
    mail_clock: Clock,
    queue: Queue,
    make_outbox: MakeOutbox,
    mail_server: MailServer,
    back: int,
) -> None:
    await mail_server.start()
    await queue(NOTICE, user.email)
    mail_clock.forward(-back)
    outbox = make_outbox(mail_server.mailer())
    assert await deliver_for(outbox, mail_clock, HOUR / 4 + MINUTE) == 1


async def test_pauses_grow_while_the_work_fails(
    monkeypatch: pytest.MonkeyPatch, log: ReadLog, make_app: MakeApp
) -> None:
    make_app()
    pauses: list[float] = []

    async def wait_for(waiting: Coroutine[Any, Any, bool], seconds: float) -> None:
        waiting.close()
        pauses.append(seconds)
        if len(pauses) == 10:
            raise asyncio.CancelledError

    async def fail() -> None:
        if len(pauses) != 8:
            raise ConnectionRefusedError

    monkeypatch.setattr("app.core.background.asyncio.wait_for", wait_for)
    with pytest.raises(asyncio.CancelledError):
        await repeat(fail, 2, "work_failed", asyncio.Event())
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 2, 4]
    assert {entry["event"] for entry in log()} == {"work_failed"}
