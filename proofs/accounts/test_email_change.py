"""Changing the e-mail address."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditAction, MailPurpose, User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import (
    CHANGE_EMAIL,
    ME,
    attempt,
    change_email,
    change_password,
)
from proofs.accounts.links import NEW_ADDRESS, mint, queued, recorded, use
from proofs.fixtures.accounts import Clock, Pause, Serve, cheap
from proofs.fixtures.app import client_key
from proofs.fixtures.mail import Deliver, token_of
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser

CHANGE = MailPurpose.CHANGE_EMAIL


async def test_an_address_changes_when_the_link_at_the_new_one_is_opened(
    client: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    asked = await change_email(client, NEW_ADDRESS)
    assert (asked.status_code, asked.content) == (202, b"")
    [mail] = await deliver()
    assert mail["To"] == NEW_ADDRESS
    assert (await client.get(ME)).json()["email"] == user.email
    response = await use(client, CHANGE, token_of(mail))
    assert (response.status_code, response.content) == (204, b"")
    profile = (await client.get(ME)).json()
    assert (profile["email"], profile["is_verified"]) == (NEW_ADDRESS, True)


async def test_who_has_changed_the_address_logs_in_with_the_new_one_alone(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    former = user.email
    assert (
        await use(anonymous, CHANGE, await mint(session, user, CHANGE))
    ).status_code == 204
    assert (await attempt(anonymous, former)).status_code == 401
    assert (await attempt(anonymous, NEW_ADDRESS.upper())).status_code == 200


async def test_the_former_address_is_told(
    client: httpx2.AsyncClient, user: User, session: AsyncSession, deliver: Deliver
) -> None:
    former = user.email
    await use(client, CHANGE, await mint(session, user, CHANGE))
    assert await queued(session) == [(MailPurpose.EMAIL_CHANGED, former)]
    [mail] = await deliver()
    assert mail["To"] == former


async def test_sessions_stay(
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    log_in: LogIn,
) -> None:
    other = await log_in(user)
    await use(client, CHANGE, await mint(session, user, CHANGE))
    assert (await client.get(ME)).status_code == 200
    assert (await anonymous.get(ME, headers=other)).status_code == 200


async def test_the_password_is_needed(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    wrong = await change_email(client, NEW_ADDRESS, "a-wrong-password")
    missing = await client.post(CHANGE_EMAIL, json={"email": NEW_ADDRESS})
    assert (wrong.status_code, wrong.json()["error_code"]) == (403, "wrong_password")
    assert missing.status_code == 422
    for response in (wrong, missing):
        assert list(response.json()["field_errors"]) == ["current_password"]
    assert await queued(session) == []
    assert await recorded(session, user) == [(AuditAction.EMAIL_CHANGE_FAILED, True)]


async def test_guesses_of_the_password_are_counted_with_those_at_a_change_of_it(
    serve: Serve, user: User, log_in: LogIn, clock: Clock, verifications: list[bool]
) -> None:
    app = serve(throttle=ThrottleSettings(failures=2))
    async with client_key(app, headers=await log_in(user)) as client:
        assert (
            await change_email(client, NEW_ADDRESS, "a-wrong-password")
        ).status_code == 403
        assert (await change_password(client, "a-wrong-password")).status_code == 403
        refused = await change_email(client, NEW_ADDRESS)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert verifications == [False, False]
        clock.forward(1)
        assert (await change_email(client, NEW_ADDRESS)).status_code == 202
        # The right password begins anew.
        assert (
            await change_email(client, NEW_ADDRESS, "a-wrong-password")
        ).status_code == 403
        assert (await change_email(client, NEW_ADDRESS)).status_code == 202


async def test_a_guess_that_comes_too_early_waits_for_no_turn(
    serve: Serve,
    user: User,
    log_in: LogIn,
    clock: Clock,  # noqa: ARG001
    pause: Pause,
) -> None:
    app = serve(throttle=ThrottleSettings(failures=1), passwords=cheap(concurrency=1))
    async with client_key(app, headers=await log_in(user)) as client:
        assert (
            await change_email(client, NEW_ADDRESS, "a-wrong-password")
        ).status_code == 403
        login = await pause.hold(attempt(client, user.username))
        assert (await change_email(client, NEW_ADDRESS)).status_code == 429
        assert not login.done()
        pause.end()
        assert (await login).status_code == 200


async def test_strangers_are_not_flooded_with_mail(
    serve: Serve, user: User, log_in: LogIn, clock: Clock, session: AsyncSession
) -> None:
    app = serve(throttle=ThrottleSettings(mails=1))
    async with client_key(app, headers=await log_in(user)) as client:
        assert (await change_email(client, NEW_ADDRESS)).status_code == 202
        assert (await change_email(client, NEW_ADDRESS)).status_code == 429
        clock.forward(1)
        assert (await change_email(client, NEW_ADDRESS)).status_code == 202
    assert await queued(session) == [(CHANGE, NEW_ADDRESS)]


async def test_a_mail_that_is_refused_uses_up_no_guess_of_the_password(
    serve: Serve,
    user: User,
    log_in: LogIn,
    clock: Clock,  # noqa: ARG001
) -> None:
    app = serve(throttle=ThrottleSettings(mails=1, failures=2))
    async with client_key(app, headers=await log_in(user)) as client:
        statuses = [
            (await change_email(client, NEW_ADDRESS)).status_code for _ in range(4)
        ]
        assert statuses == [202, 429, 429, 429]
        assert (await change_password(client, PASSWORD)).status_code == 204


async def test_one_s_own_address_is_no_new_one(
    client: httpx2.AsyncClient, user: User, verifications: list[bool]
) -> None:
    for email in (user.email, user.email.upper()):
        response = await change_email(client, email)
        assert (response.status_code, list(response.json()["field_errors"])) == (
            422,
            ["email"],
        )
    assert verifications == []


async def test_an_address_that_is_taken_is_refused_to_who_knows_the_password(
    client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    other = await make_user()
    guessed = await change_email(client, other.email, "a-wrong-password")
    assert guessed.status_code == 403
    response = await change_email(client, other.email.upper())
    assert (response.status_code, list(response.json()["field_errors"])) == (
        409,
        ["email"],
    )
    assert await queued(session) == []


async def test_an_address_that_was_taken_meanwhile_is_refused_until_it_is_free(
    client: httpx2.AsyncClient, user: User, make_user: MakeUser, session: AsyncSession
) -> None:
    former, token = user.email, await mint(session, user, CHANGE)
    other = await make_user(email=NEW_ADDRESS.upper())
    response = await use(client, CHANGE, token)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        409,
        ["email"],
    )
    assert (await client.get(ME)).json()["email"] == former
    assert await queued(session) == []
    assert await recorded(session, user) == []
    await session.delete(other)
    await session.commit()
    assert (await use(client, CHANGE, token)).status_code == 204


async def test_a_change_is_recorded(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    await change_email(client, NEW_ADDRESS)
    await use(client, CHANGE, await mint(session, user, CHANGE))
    assert await recorded(session, user) == [
        (AuditAction.EMAIL_CHANGE_REQUESTED, True),
        (AuditAction.EMAIL_CHANGED, False),
    ]


async def test_a_narrow_session_changes_no_address(
    app: FastAPI,
    user: User,
    log_in: LogIn,
    session: AsyncSession,
    verifications: list[bool],
) -> None:
    headers = await log_in(user, scope="data:read data:write users:admin")
    async with client_key(app, headers=headers) as whole:
        assert (await change_email(whole, NEW_ADDRESS)).status_code == 202
    verifications.clear()
    async with client_key(app, headers=await log_in(user, scope="data:read")) as narrow:
        response = await change_email(narrow, "elsewhere@example.com")
    assert (response.status_code, response.json()["error_code"]) == (
        403,
        "insufficient_scope",
    )
    assert (await queued(session), verifications) == ([(CHANGE, NEW_ADDRESS)], [])


@pytest.mark.parametrize(
    "values",
    [{"email": "ada"}, {"email": ""}, {"is_verified": True}, {"user_id": "1"}],
    ids=str,
)
async def test_what_is_no_address_or_too_much_is_refused_by_field(
    client: httpx2.AsyncClient, values: dict[str, Any]
) -> None:
    body = {"email": NEW_ADDRESS, "current_password": PASSWORD} | values
    response = await client.post(CHANGE_EMAIL, json=body)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        list(values),
    )
