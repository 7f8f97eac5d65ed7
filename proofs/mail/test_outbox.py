"""Who gets mail."""

from datetime import timedelta

import pytest
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, MailToken, User
from app.core.mail.outbox import OutboxMail
from app.core.security.opaque_tokens import digest
from proofs.fixtures.accounts import Clock
from proofs.fixtures.custom import MakeApp
from proofs.fixtures.log import ReadLog
from proofs.fixtures.mail import Deliver, Queue, token_of
from proofs.fixtures.users import MakeUser

NEW = "new@example.com"


async def waiting(session: AsyncSession) -> int:
    return len((await session.scalars(select(OutboxMail))).all())


async def find_tokens(session: AsyncSession) -> list[MailToken]:
    return list(await session.scalars(select(MailToken)))


@pytest.mark.parametrize(
    "purpose", [MailPurpose.VERIFY_EMAIL, MailPurpose.RESET_PASSWORD]
)
async def test_a_token_goes_to_the_address_on_record(
    session: AsyncSession,
    user: User,
    queue: Queue,
    deliver: Deliver,
    purpose: MailPurpose,
) -> None:
    await queue(purpose, user.email.upper())
    [message] = await deliver()
    assert message["To"] == user.email
    [token] = await find_tokens(session)
    assert (token.digest, token.user_id) == (digest(token_of(message)), user.id)
    assert (token.purpose, token.email) == (purpose, user.email)
    assert await waiting(session) == 0


@pytest.mark.parametrize(
    "purpose", [MailPurpose.VERIFY_EMAIL, MailPurpose.RESET_PASSWORD]
)
async def test_an_address_that_is_nobodys_gets_nothing(
    session: AsyncSession, queue: Queue, deliver: Deliver, purpose: MailPurpose
) -> None:
    await queue(purpose, "nobody@example.com")
    assert await deliver() == []
    assert (await waiting(session), await find_tokens(session)) == (0, [])


@pytest.mark.parametrize(
    ("purpose", "values"),
    [
        (MailPurpose.VERIFY_EMAIL, {"is_active": False}),
        (MailPurpose.VERIFY_EMAIL, {"is_verified": True}),
        (MailPurpose.RESET_PASSWORD, {"is_active": False}),
        (MailPurpose.CHANGE_EMAIL, {"is_active": False}),
    ],
)
async def test_who_may_not_use_a_token_gets_none(
    session: AsyncSession,
    make_user: MakeUser,
    queue: Queue,
    deliver: Deliver,
    purpose: MailPurpose,
    values: dict[str, bool],
) -> None:
    user = await make_user(**values)
    await queue(purpose, user.email, user.id)
    assert await deliver() == []
    assert (await waiting(session), await find_tokens(session)) == (0, [])


async def test_a_new_address_is_proved_at_the_new_address(
    session: AsyncSession, user: User, queue: Queue, deliver: Deliver
) -> None:
    await queue(MailPurpose.CHANGE_EMAIL, NEW, user.id)
    [message] = await deliver()
    assert message["To"] == NEW
    [token] = await find_tokens(session)
    assert (token.digest, token.user_id, token.email) == (
        digest(token_of(message)),
        user.id,
        NEW,
    )


async def test_an_address_that_somebody_took_meanwhile_gets_no_proof(
    session: AsyncSession,
    user: User,
    make_user: MakeUser,
    queue: Queue,
    deliver: Deliver,
) -> None:
    await queue(MailPurpose.CHANGE_EMAIL, NEW, user.id)
    await make_user(email=NEW.title())
    assert await deliver() == []
    assert (await waiting(session), await find_tokens(session)) == (0, [])


async def test_the_case_of_an_address_can_be_changed(
    user: User, queue: Queue, deliver: Deliver
) -> None:
    await queue(MailPurpose.CHANGE_EMAIL, user.email.capitalize(), user.id)
    [message] = await deliver()
    assert message["To"] == user.email.capitalize()


@pytest.mark.parametrize(
    "purpose", [MailPurpose.EMAIL_CHANGED, MailPurpose.PASSWORD_CHANGED]
)
async def test_a_notice_goes_to_where_the_user_was(
    session: AsyncSession,
    make_user: MakeUser,
    queue: Queue,
    deliver: Deliver,
    purpose: MailPurpose,
) -> None:
    user = await make_user(is_active=False)
    await queue(purpose, "former@example.com", user.id)
    [message] = await deliver()
    assert message["To"] == "former@example.com"
    assert await find_tokens(session) == []


async def test_mail_of_a_newer_version_is_left_alone(
    session: AsyncSession, user: User, queue: Queue, deliver: Deliver
) -> None:
    session.add(OutboxMail(purpose="greet_newcomers", recipient=user.email))
    await queue(MailPurpose.PASSWORD_CHANGED, user.email)
    assert len(await deliver()) == 1
    assert await waiting(session) == 1


async def test_only_the_newest_token_is_alive(
    session: AsyncSession, user: User, queue: Queue, deliver: Deliver
) -> None:
    for purpose in (*[MailPurpose.RESET_PASSWORD] * 3, MailPurpose.VERIFY_EMAIL):
        await queue(purpose, user.email)
    messages = await deliver()
    alive = {token.digest for token in await find_tokens(session)}
    assert alive == {digest(token_of(message)) for message in messages[2:]}


@pytest.mark.parametrize(
    ("purpose", "minutes"),
    [
        (MailPurpose.VERIFY_EMAIL, 1440),
        (MailPurpose.RESET_PASSWORD, 60),
        (MailPurpose.CHANGE_EMAIL, 60),
    ],
)
async def test_tokens_expire(
    session: AsyncSession,
    user: User,
    mail_clock: Clock,
    queue: Queue,
    deliver: Deliver,
    purpose: MailPurpose,
    minutes: int,
) -> None:
    await queue(purpose, user.email, user.id)
    mail_clock.forward(3600)
    await deliver()
    [token] = await find_tokens(session)
    assert token.expires_at == mail_clock.moment + timedelta(minutes=minutes)


async def test_a_token_is_in_the_mail_and_nowhere_else(
    session: AsyncSession,
    user: User,
    queue: Queue,
    deliver: Deliver,
    log: ReadLog,
    make_app: MakeApp,
) -> None:
    make_app()
    for purpose in MailPurpose:
        await queue(
            purpose, NEW if purpose == MailPurpose.CHANGE_EMAIL else user.email, user.id
        )
    messages = await deliver()
    secrets = [token_of(message) for message in messages[:3]]
    stored: list[str] = []
    for table in (OutboxMail.__table__, MailToken.__table__):
        columns = [
            column for column in table.columns if isinstance(column.type, String)
        ]
        for row in await session.execute(select(*columns)):
            stored += map(str, row)
    assert {digest(secret) for secret in secrets} <= set(stored)
    texts = f"{stored} {log()}"
    assert [secret for secret in secrets if secret in texts] == []
