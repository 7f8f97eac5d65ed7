"""Trying refresh tokens is slowed down, and waits for nobody who writes."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from proofs.fixtures.accounts import Clock, Lock, Serve
from proofs.fixtures.app import client_key
from proofs.tokens.tokens import refresh, refresh_token_of


@pytest.fixture
def one_is_free(serve: Serve, clock: Clock) -> FastAPI:  # noqa: ARG001
    """Give an application in which the second failure of a client must wait."""
    return serve(throttle=ThrottleSettings(failures_per_client=1))


async def test_a_client_that_tries_tokens_must_wait(
    one_is_free: FastAPI, user: User, session: AsyncSession, clock: Clock
) -> None:
    good = [await refresh_token_of(session, user) for _ in range(2)]
    crowd, other = [
        client_key(one_is_free, client=(f"198.51.100.{n}", 50000)) for n in (1, 2)
    ]
    assert (await refresh(crowd, "none")).status_code == 401
    refused = await refresh(crowd, good[0])
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert (await refresh(other, good[1])).status_code == 200
    clock.forward(1)
    assert (await refresh(crowd, good[0])).status_code == 200


@pytest.mark.committed
async def test_a_refresh_that_comes_too_early_is_refused_while_others_write(
    lock: Lock, one_is_free: FastAPI
) -> None:
    async with client_key(one_is_free) as client:
        assert (await refresh(client, "none")).status_code == 401
        async with lock():
            assert (await refresh(client, "none")).status_code == 429


@pytest.mark.committed
async def test_a_token_is_looked_up_while_others_write(
    lock: Lock, anonymous: httpx2.AsyncClient
) -> None:
    looked_up = asyncio.Event()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM refresh_tokens" in statement:
            looked_up.set()

    async with lock():
        event.listen(Engine, "before_cursor_execute", note)
        answer = asyncio.create_task(refresh(anonymous, "none"))
        async with asyncio.timeout(4):
            await looked_up.wait()
        event.remove(Engine, "before_cursor_execute", note)
    assert (await answer).status_code == 401
