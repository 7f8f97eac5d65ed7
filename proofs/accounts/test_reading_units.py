"""What only reads waits for nobody who writes."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from app.db.base import now
from proofs.accounts.calls import attempt, change_password
from proofs.fixtures.accounts import Clock, Lock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn

pytestmark = pytest.mark.committed


@pytest.fixture
def one_is_free(serve: Serve, clock: Clock) -> FastAPI:  # noqa: ARG001
    """Give an application in which the second failure must wait."""
    return serve(throttle=ThrottleSettings(failures=1, failures_per_client=1))


async def test_whoever_writes_waits(lock: Lock, client: httpx2.AsyncClient) -> None:
    async with lock():
        logout = asyncio.ensure_future(client.post("/api/v1/auth/logout"))
        done, _ = await asyncio.wait([logout], timeout=0.1)
        assert not done
    assert (await logout).status_code == 204


async def test_a_login_that_comes_too_early_is_refused_meanwhile(
    lock: Lock, one_is_free: FastAPI, user: User
) -> None:
    async with client_key(one_is_free) as client:
        assert (
            await attempt(client, user.username, "a-wrong-password")
        ).status_code == 401
        async with lock():
            assert (await attempt(client, user.username)).status_code == 429


async def test_a_password_change_that_comes_too_early_is_refused_meanwhile(
    lock: Lock, one_is_free: FastAPI, user: User, log_in: LogIn
) -> None:
    async with client_key(one_is_free, headers=await log_in(user)) as client:
        assert (await change_password(client, "a-wrong-password")).status_code == 403
        async with lock():
            assert (await change_password(client, PASSWORD)).status_code == 429


async def test_a_password_change_in_a_session_that_has_ended_is_refused_meanwhile(
    lock: Lock, app: FastAPI, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user, expires_at=now() - timedelta(seconds=1))
    async with client_key(app, headers=headers) as client, lock():
        assert (await change_password(client, PASSWORD)).status_code == 401
