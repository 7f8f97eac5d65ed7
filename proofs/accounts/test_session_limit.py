"""A user has only so many sessions."""

from collections.abc import Sequence
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.settings import AccountSettings
from app.db.base import now
from proofs.accounts.calls import ME, attempt
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser, Proof


@pytest.fixture
def two_at_most(serve: Serve) -> FastAPI:
    """Give an application in which a user has two sessions at most."""
    return serve(accounts=AccountSettings(max_sessions=2))


async def statuses(
    client: httpx2.AsyncClient, headers: Sequence[dict[str, str]]
) -> list[int]:
    return [(await client.get(ME, headers=one)).status_code for one in headers]


async def test_a_further_login_ends_the_oldest_session(
    two_at_most: FastAPI, user: User, log_in: LogIn, proof: Proof
) -> None:
    ages = (timedelta(minutes=age) for age in (1, 2, 3))
    sessions = [await log_in(user, created_at=now() - age) for age in ages]
    async with client_key(two_at_most) as client:
        assert await statuses(client, sessions) == [200, 200, 200]
        latest = proof(await attempt(client, user.username))
        assert await statuses(client, [latest, *sessions]) == [200, 200, 401, 401]


async def test_a_login_ends_no_session_of_another_user(
    two_at_most: FastAPI, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    other, ages = await make_user(), [timedelta(minutes=age) for age in (1, 2)]
    for age in ages:
        await log_in(user, created_at=now() - age)
    sessions = [await log_in(other, created_at=now() - 10 * age) for age in ages]
    async with client_key(two_at_most) as client:
        assert (await attempt(client, user.username)).status_code == 200
        assert await statuses(client, sessions) == [200, 200]


async def test_a_failed_login_ends_no_session(
    two_at_most: FastAPI, user: User, log_in: LogIn
) -> None:
    sessions = [await log_in(user) for _ in range(2)]
    async with client_key(two_at_most) as client:
        assert (
            await attempt(client, user.username, "a-wrong-password")
        ).status_code == 401
        assert await statuses(client, sessions) == [200, 200]
