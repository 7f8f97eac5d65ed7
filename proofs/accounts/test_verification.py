"""Verifying e-mail addresses."""

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditAction, MailPurpose, User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import (
    ME,
    REGISTER,
    RESEND_VERIFICATION,
    VERIFY_EMAIL,
    attempt,
    registration,
)
from proofs.accounts.links import mint, queued, recorded, use
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.mail import Deliver, token_of
from proofs.fixtures.users import LogIn, MakeUser, Proof


async def test_who_opens_the_link_of_the_first_mail_is_verified(
    anonymous: httpx2.AsyncClient, deliver: Deliver, proof: Proof
) -> None:
    created = await anonymous.post(REGISTER, json=registration(email="ada@example.com"))
    [mail] = await deliver()
    assert mail["To"] == "ada@example.com"
    response = await use(anonymous, MailPurpose.VERIFY_EMAIL, token_of(mail))
    assert (response.status_code, response.content) == (204, b"")
    headers = proof(await attempt(anonymous, "ada@example.com"))
    read = await anonymous.get(created.headers["Location"], headers=headers)
    assert (created.json()["is_verified"], read.json()["is_verified"]) == (False, True)


async def test_registering_queues_exactly_one_mail(
    anonymous: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await anonymous.post(REGISTER, json=registration(email="ada@example.com"))
    assert await queued(session) == [(MailPurpose.VERIFY_EMAIL, "ada@example.com")]


@pytest.mark.parametrize("field", ["email", "username"])
async def test_a_refused_registration_queues_none(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    field: str,
) -> None:
    given = registration()
    await make_user(**{field: given[field]})
    assert (await anonymous.post(REGISTER, json=given)).status_code == 409
    assert await queued(session) == []


async def test_who_registers_again_and_again_floods_nobody(
    serve: Serve,
    deliver: Deliver,
    proof: Proof,
    clock: Clock,  # noqa: ARG001
) -> None:
    app, email, sent = serve(throttle=ThrottleSettings(mails=2)), "ada@example.com", []
    for _ in range(4):
        async with client_key(app) as client:
            created = await client.post(REGISTER, json=registration(email=email))
            sent.append([mail["To"] for mail in await deliver()])
            headers = proof(await attempt(client, email))
            deleted = await client.delete(ME, headers=headers)
            assert (created.status_code, deleted.status_code) == (201, 204)
    assert sent == [[email], [email], [], []]


async def test_the_first_mail_counts_as_one_that_was_asked_for(
    serve: Serve, clock: Clock
) -> None:
    given = registration()
    async with client_key(serve(throttle=ThrottleSettings(mails=1))) as client:
        assert (await client.post(REGISTER, json=given)).status_code == 201
        for status in (429, 202):
            again = await client.post(
                RESEND_VERIFICATION, json={"email": given["email"]}
            )
            assert again.status_code == status
            clock.forward(1)


async def test_a_refused_registration_counts_as_no_mail(
    serve: Serve, user: User
) -> None:
    async with client_key(serve(throttle=ThrottleSettings(mails=1))) as client:
        for _ in range(2):
            refused = await client.post(REGISTER, json=registration(email=user.email))
            assert refused.status_code == 409
        again = await client.post(RESEND_VERIFICATION, json={"email": user.email})
        assert again.status_code == 202


async def test_another_mail_can_be_asked_for(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, deliver: Deliver
) -> None:
    await anonymous.post(RESEND_VERIFICATION, json={"email": user.email})
    [mail] = await deliver()
    assert (
        await use(anonymous, MailPurpose.VERIFY_EMAIL, token_of(mail))
    ).status_code == 204
    await session.refresh(user)
    assert user.is_verified


async def test_who_is_verified_gets_no_other_mail(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, deliver: Deliver
) -> None:
    user = await make_user(is_verified=True)
    await anonymous.post(RESEND_VERIFICATION, json={"email": user.email})
    assert await deliver() == []


async def test_a_verification_is_recorded(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await mint(session, user, MailPurpose.VERIFY_EMAIL)
    await use(anonymous, MailPurpose.VERIFY_EMAIL, "unknown")
    await use(anonymous, MailPurpose.VERIFY_EMAIL, token)
    assert await recorded(session, user) == [(AuditAction.EMAIL_VERIFIED, False)]


async def test_a_verification_begins_and_ends_no_session(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, log_in: LogIn
) -> None:
    headers = await log_in(user)
    token = await mint(session, user, MailPurpose.VERIFY_EMAIL)
    await use(anonymous, MailPurpose.VERIFY_EMAIL, token)
    sessions = await anonymous.get("/api/v1/auth/sessions", headers=headers)
    assert [one["is_current"] for one in sessions.json()] == [True]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_verified", True),
        ("email", "eve@example.com"),
        ("user_id", "1"),
        ("purpose", "all"),
    ],
)
async def test_a_token_is_all_that_is_taken(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    field: str,
    value: object,
) -> None:
    token = await mint(session, user, MailPurpose.VERIFY_EMAIL)
    response = await anonymous.post(VERIFY_EMAIL, json={"token": token, field: value})
    assert response.status_code == 422
    assert response.json()["field_errors"] == {field: ["Unknown field."]}
