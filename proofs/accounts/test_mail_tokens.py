"""Tokens in mails: each is good once, for one thing, for one address and for a while."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from app.accounts.settings import ThrottleSettings
from app.db.base import now
from proofs.accounts.calls import (
    change_password,
    comparable,
)
from proofs.accounts.links import USES, assert_invalid, mint, use
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, MakeUser

each_purpose = pytest.mark.parametrize("purpose", USES)


@each_purpose
async def test_a_token_is_good_once(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    token = await mint(session, user, purpose)
    response = await use(anonymous, purpose, token)
    assert (response.status_code, response.content) == (204, b"")
    assert_invalid(await use(anonymous, purpose, token))


@each_purpose
async def test_a_token_ends(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    token = await mint(session, user, purpose, expires_at=now() - timedelta(seconds=1))
    assert_invalid(await use(anonymous, purpose, token))


@each_purpose
async def test_a_token_is_good_for_one_purpose(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    token = await mint(session, user, purpose)
    for other in USES.keys() - {purpose}:
        assert_invalid(await use(anonymous, other, token))
    assert (await use(anonymous, purpose, token)).status_code == 204


@each_purpose
async def test_a_changed_password_ends_all_tokens(
    client: httpx2.AsyncClient, user: User, session: AsyncSession, purpose: MailPurpose
) -> None:
    token = await mint(session, user, purpose)
    assert (await change_password(client, PASSWORD)).status_code == 204
    assert_invalid(await use(client, purpose, token))


@each_purpose
@pytest.mark.parametrize("act", [MailPurpose.RESET_PASSWORD, MailPurpose.CHANGE_EMAIL])
async def test_a_reset_password_and_a_changed_address_end_all_tokens(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
    act: MailPurpose,
) -> None:
    token, other = await mint(session, user, purpose), await mint(session, user, act)
    assert (await use(anonymous, act, other)).status_code == 204
    assert_invalid(await use(anonymous, purpose, token))


async def test_tokens_of_other_users_stay(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    ada, bob = await make_user(), await make_user()
    tokens = [
        await mint(session, one, MailPurpose.RESET_PASSWORD) for one in (ada, bob)
    ]
    for token in tokens:
        assert (
            await use(anonymous, MailPurpose.RESET_PASSWORD, token)
        ).status_code == 204


@pytest.mark.parametrize(
    "purpose", [MailPurpose.VERIFY_EMAIL, MailPurpose.RESET_PASSWORD]
)
async def test_a_token_is_good_for_the_address_to_which_it_was_sent(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    before = user.hashed_password
    token = await mint(session, user, purpose, email="former@example.com")
    assert_invalid(await use(anonymous, purpose, token))
    await session.refresh(user)
    assert (user.is_verified, user.hashed_password) == (False, before)


@each_purpose
async def test_a_disabled_user_s_token_is_good_for_nothing(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    user = await make_user(is_active=False)
    before = (user.email, user.hashed_password, user.is_verified)
    assert_invalid(await use(anonymous, purpose, await mint(session, user, purpose)))
    await session.refresh(user)
    assert (user.email, user.hashed_password, user.is_verified) == before


@each_purpose
async def test_nobody_learns_why_a_token_is_refused(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    user, disabled = await make_user(), await make_user(is_active=False)
    past = now() - timedelta(days=1)
    answers = [
        comparable(await use(anonymous, purpose, token))
        for token in (
            "unknown",
            "' OR 1=1 --",
            await mint(session, user, purpose, expires_at=past),
            await mint(session, disabled, purpose),
        )
    ]
    assert answers[0][0] == 400
    assert all(answer == answers[0] for answer in answers)


@each_purpose
@pytest.mark.parametrize(
    "token", ["", " ", "a" * 101, "nul\x00", 1, None, ["a"], {"a": "b"}]
)
async def test_what_cannot_be_a_token_is_refused_by_field(
    anonymous: httpx2.AsyncClient, purpose: MailPurpose, token: object
) -> None:
    response = await use(anonymous, purpose, token)
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        ["token"],
    )


@each_purpose
async def test_trying_tokens_is_slowed_down(
    serve: Serve, user: User, session: AsyncSession, clock: Clock, purpose: MailPurpose
) -> None:
    app = serve(throttle=ThrottleSettings(failures_per_client=1))
    token = await mint(session, user, purpose)
    async with (
        client_key(app) as client,
        client_key(app, client=("203.0.113.9", 1)) as other,
    ):
        assert_invalid(await use(client, purpose, "guess"))
        refused = await use(client, purpose, token)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert_invalid(await use(other, purpose, "guess"))
        clock.forward(1)
        assert (await use(client, purpose, token)).status_code == 204
