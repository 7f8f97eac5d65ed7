"""Users are told when their password was changed."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.models import AuditAction, MailPurpose, User
from proofs.accounts.calls import change_password
from proofs.accounts.links import (
    NEW_PASSWORD,
    assert_invalid,
    mint,
    queued,
    recorded,
    use,
)
from proofs.fixtures.accounts import operator_of
from proofs.fixtures.app import client_key
from proofs.fixtures.mail import Deliver
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser

RESET = MailPurpose.RESET_PASSWORD


@pytest.fixture
async def user(make_user: MakeUser) -> User:
    """Give a user whose address is verified."""
    return await make_user(is_verified=True)


async def test_who_resets_the_password_is_told_and_it_is_recorded(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, deliver: Deliver
) -> None:
    await use(anonymous, RESET, await mint(session, user, RESET))
    assert await recorded(session, user) == [(AuditAction.PASSWORD_RESET, False)]
    assert await queued(session) == [(MailPurpose.PASSWORD_CHANGED, user.email)]
    assert [mail["To"] for mail in await deliver()] == [user.email]


async def test_who_changes_the_password_is_told_too(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    assert (await change_password(client, "a-wrong-password")).status_code == 403
    assert await queued(session) == []
    assert (await change_password(client, PASSWORD)).status_code == 204
    assert await queued(session) == [(MailPurpose.PASSWORD_CHANGED, user.email)]


async def test_nobody_is_told_at_an_address_that_is_not_verified(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, session: AsyncSession
) -> None:
    async with client_key(app, headers=await log_in(await make_user())) as client:
        assert (await change_password(client, PASSWORD)).status_code == 204
    assert await queued(session) == []


async def test_a_reset_by_the_command_line_is_told_too_and_ends_links(
    app: FastAPI, user: User, sessions: async_sessionmaker[AsyncSession]
) -> None:
    async with client_key(app) as client, sessions() as session:
        token = await mint(session, user, RESET)
        await operator_of(app).reset_password(user.username, NEW_PASSWORD)
        assert_invalid(await use(client, RESET, token))
        assert await queued(session) == [(MailPurpose.PASSWORD_CHANGED, user.email)]
