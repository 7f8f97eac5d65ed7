"""Logging in at the same moment."""

import asyncio
from collections import Counter

import bcrypt
import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import attempt
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, MakeUser


@pytest.mark.committed
async def test_attempts_at_once_are_all_counted(
    serve: Serve,
    clock: Clock,  # noqa: ARG001
    verifications: list[bool],
) -> None:
    app = serve(throttle=ThrottleSettings(failures=3))
    async with client_key(app) as client:
        calls = (attempt(client, "ada", "a-wrong-password") for _ in range(40))
        responses = await asyncio.gather(*calls)
    assert Counter(response.status_code for response in responses) == {401: 3, 429: 37}
    assert verifications == [False] * 3


@pytest.mark.committed
async def test_logins_at_once_all_succeed(app: FastAPI, user: User) -> None:
    async with client_key(app) as client:
        responses = await asyncio.gather(
            *(attempt(client, user.username) for _ in range(20))
        )
    assert [response.status_code for response in responses] == [200] * 20


@pytest.mark.committed
async def test_logins_at_once_with_an_old_hash_all_succeed(
    anonymous: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    user = await make_user(hashed_password=old)
    calls = (attempt(anonymous, user.username) for _ in range(4))
    responses = await asyncio.gather(*calls)
    assert [response.status_code for response in responses] == [200] * 4
