"""Waiting for one's turn: no client takes all places in the line."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

import httpx2
import pytest

from app.accounts.models import User
from app.core.errors import UnavailableError
from app.core.security.passwords import PasswordHasher, VerifyResult
from proofs.accounts.calls import REGISTER, attempt, change_password, registration
from proofs.fixtures.accounts import Pause, Serve, cheap
from proofs.fixtures.app import client_key
from proofs.fixtures.users import PASSWORD, LogIn

HOME, AWAY = ("198.51.100.1", 50000), ("203.0.113.9", 50000)

Call = Coroutine[Any, Any, httpx2.Response]
Calls = Iterable[Call]


async def one_too_many(
    calls: Calls,
) -> tuple[httpx2.Response, list[asyncio.Task[httpx2.Response]]]:
    """Make calls of which one does not wait; give its answer, and those who do."""
    tasks = [asyncio.create_task(call) for call in calls]
    (refused,), waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return refused.result(), list(waiting)


@pytest.mark.committed
async def test_a_client_that_fills_the_line_keeps_nobody_else_out(
    serve: Serve, user: User, pause: Pause, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING", 3)
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING_PER_CLIENT", 2)
    app = serve(passwords=cheap(concurrency=1))
    async with (
        client_key(app, client=AWAY) as crowd,
        client_key(app, client=HOME) as other,
    ):
        working = await pause.hold(attempt(crowd, "nobody"))
        refused, waiting = await one_too_many(
            attempt(crowd, "nobody") for _ in range(3)
        )
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        # One place is left: who wants it second is refused when the first has it.
        _, [login] = await one_too_many(attempt(other, user.username) for _ in range(2))
        pause.end()
        responses = await asyncio.gather(working, *waiting, login)
    assert [response.status_code for response in responses] == [401, 401, 401, 200]


@pytest.mark.committed
async def test_all_that_takes_a_password_waits_in_the_same_line(
    serve: Serve,
    user: User,
    log_in: LogIn,
    pause: Pause,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING_PER_CLIENT", 1)
    app = serve(passwords=cheap(concurrency=1))
    async with client_key(app, client=AWAY, headers=await log_in(user)) as client:
        working = await pause.hold(attempt(client, "nobody"))
        _, waiting = await one_too_many(attempt(client, "nobody") for _ in range(2))
        refused = [
            await client.post(REGISTER, json=registration()),
            await change_password(client, PASSWORD),
        ]
        pause.end()
        await asyncio.gather(working, *waiting)
    assert [response.status_code for response in refused] == [503, 503]


def verify(
    passwords: PasswordHasher, client: str, *, fail: bool = False
) -> asyncio.Task[VerifyResult]:
    async def find_stored() -> None:
        if fail:
            raise LookupError

    return asyncio.create_task(passwords.verify(PASSWORD, find_stored, client=client))


async def test_who_no_longer_waits_makes_room(
    pause: Pause, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.security.passwords.MAX_WAITING_PER_CLIENT", 1)
    passwords = PasswordHasher(cheap(concurrency=1))
    working = await pause.hold(verify(passwords, HOME[0]))
    given_up, refused = [verify(passwords, AWAY[0]) for _ in range(2)]
    with pytest.raises(UnavailableError):
        await refused
    given_up.cancel()
    await asyncio.wait([given_up])
    failing = verify(passwords, AWAY[0], fail=True)
    pause.end()
    with pytest.raises(LookupError):
        await failing
    assert (
        await verify(passwords, AWAY[0]) == await working == VerifyResult(matches=False)
    )


async def test_who_has_waited_is_forgotten(pause: Pause) -> None:
    passwords = PasswordHasher(cheap(concurrency=1))
    working = await pause.hold(verify(passwords, HOME[0]))
    waiting = [verify(passwords, f"203.0.113.{n}", fail=n % 2 == 0) for n in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    pause.end()
    await asyncio.gather(working, *waiting, return_exceptions=True)
    # A line for each address that ever came would fill the memory.
    assert passwords._waiting == {}
