"""Whether users who have not verified their address may log in."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from app.accounts.settings import AccountSettings
from proofs.accounts.calls import attempt, comparable
from proofs.accounts.links import NEW_PASSWORD, mint, use
from proofs.fixtures.accounts import Pause, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import MakeUser


@pytest.fixture
def strict(serve: Serve) -> FastAPI:
    """Give an application in which users must verify their address first."""
    return serve(accounts=AccountSettings(require_verified=True))


async def test_by_default_they_may(anonymous: httpx2.AsyncClient, user: User) -> None:
    assert (await attempt(anonymous, user.username)).status_code == 200
    assert not user.is_verified


async def test_the_setting_refuses_them_until_they_have(
    strict: FastAPI, user: User, session: AsyncSession
) -> None:
    async with client_key(strict) as client:
        assert (await attempt(client, user.username)).status_code == 401
        token = await mint(session, user, MailPurpose.VERIFY_EMAIL)
        assert (await use(client, MailPurpose.VERIFY_EMAIL, token)).status_code == 204
        assert (await attempt(client, user.username)).status_code == 200


async def test_a_reset_password_verifies_too(
    strict: FastAPI, user: User, session: AsyncSession
) -> None:
    token = await mint(session, user, MailPurpose.RESET_PASSWORD)
    async with client_key(strict) as client:
        assert (await use(client, MailPurpose.RESET_PASSWORD, token)).status_code == 204
        assert (await attempt(client, user.username, NEW_PASSWORD)).status_code == 200


async def test_the_refusal_is_that_of_a_wrong_password_and_costs_the_same(
    strict: FastAPI,
    make_user: MakeUser,
    verifications: list[bool],
    statements: list[str],
) -> None:
    verified, unverified = await make_user(is_verified=True), await make_user()
    seen = []
    async with client_key(strict) as client:
        await attempt(client, "the-first-of-this-client", "a-wrong-password")
        verifications.clear()
        for user, values in ((verified, ["a-wrong-password"]), (unverified, [])):
            statements.clear()
            answer = await attempt(client, user.username, *values)
            seen.append((comparable(answer), list(statements)))
    assert seen[0] == seen[1]
    assert seen[0][0][0] == 401
    assert verifications == [False, True]


@pytest.mark.parametrize("changes", [{"is_verified": False}], ids=str)
async def test_what_happens_during_the_verification_counts(
    strict: FastAPI,
    make_user: MakeUser,
    session: AsyncSession,
    pause: Pause,
    changes: dict[str, Any],
) -> None:
    user = await make_user(is_verified=True)
    async with client_key(strict) as client:
        login = await pause.hold(attempt(client, user.username))
        await session.execute(update(User).values(changes))
        await session.commit()
        pause.end()
        assert (await login).status_code == 401
