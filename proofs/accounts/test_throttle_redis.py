"""Attempts are counted in keys of Redis."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from app.accounts.models import User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import attempt
from proofs.accounts.guesses import AWAY, HOME, WRONG, client_at, statuses
from proofs.fixtures.accounts import Clock, Serve, operator_of
from proofs.fixtures.users import PASSWORD

DAY = 86_400

Rows = Callable[[], Awaitable[dict[str, dict[str, str]]]]


@pytest.fixture
def server(app: FastAPI) -> Redis:
    """Give the client of the library, for looking at keys."""
    client: Redis = app.state.redis.client
    return client


@pytest.fixture
def prefix(app: FastAPI) -> str:
    """Give what the keys of a test begin with."""
    return f"{app.state.redis.settings.prefix}throttle:"


@pytest.fixture
def rows(server: Redis, prefix: str) -> Rows:
    """Give a function that reads all attempts."""

    async def read() -> dict[str, dict[str, str]]:
        keys = [key async for key in server.scan_iter(f"{prefix}*", _type="hash")]
        rows: dict[Any, Any] = {key: await server.hgetall(key) for key in keys}
        return {
            key.decode(): {name.decode(): text.decode() for name, text in row.items()}
            for key, row in rows.items()
        }

    return read


async def failures(rows: Rows) -> list[int]:
    """Give how often something has failed, by each limit."""
    return sorted(int(row["failures"]) for row in (await rows()).values())


@pytest.fixture
def sent(server: Redis, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what Redis is asked about attempts."""
    commands: list[str] = []
    execute: Callable[..., Awaitable[Any]] = server.execute_command

    async def record(*arguments: Any, **options: Any) -> Any:
        if any(":throttle:" in str(one) for one in arguments):
            commands.append(arguments[0])
        return await execute(*arguments, **options)

    monkeypatch.setattr(server, "execute_command", record)
    return commands


async def test_the_wait_is_capped(
    two_are_free: FastAPI, server: Redis, rows: Rows
) -> None:
    waits = []
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada", WRONG)
        for number in (2, 3, 6, 7, 8, 2_000_000_000):
            for key in await rows():
                await server.hset(key, "failures", number)
            waits.append(int((await attempt(client, "ada")).headers["Retry-After"]))
    assert waits == [1, 2, 16, 30, 30, 60]


async def test_what_comes_too_early_costs_one_round_trip_and_no_query(
    two_are_free: FastAPI, statements: list[str], sent: list[str]
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await statuses(client, "ada", WRONG, WRONG)
        statements.clear()
        sent.clear()
        assert await statuses(client, "ada", WRONG) == [429]
    assert (statements, sent) == ([], ["EVAL"])


async def test_the_keys_name_nobody(
    two_are_free: FastAPI, rows: Rows, prefix: str
) -> None:
    async with client_at(two_are_free, AWAY) as client:
        await attempt(client, "ada@example.com", WRONG)
    found = await rows()
    assert len(found) == 3
    assert all(re.fullmatch(r"[0-9a-f]{64}", key.removeprefix(prefix)) for key in found)
    assert all(text.isdigit() for row in found.values() for text in row.values())


@pytest.mark.committed
async def test_failures_at_once_are_all_counted(serve: Serve, rows: Rows) -> None:
    app = serve(throttle=ThrottleSettings(failures=100))
    async with client_at(app, AWAY) as client, client_at(app, HOME) as other:
        calls = [
            attempt(one, "ada", WRONG) for one in (client, other) for _ in range(20)
        ]
        responses = await asyncio.gather(*calls)
    assert [response.status_code for response in responses] == [401] * 40
    assert await failures(rows) == [20, 20, 20, 20, 40]


async def test_a_login_takes_back_what_it_was_counted_as(
    two_are_free: FastAPI, user: User, rows: Rows
) -> None:
    async with client_at(two_are_free, HOME) as client:
        assert await statuses(client, user.username, WRONG, PASSWORD) == [401, 200]
    assert await failures(rows) == [0, 1, 1]
    assert sorted(row["is_trusted"] for row in (await rows()).values()) == [
        "0",
        "0",
        "1",
    ]


async def test_redis_deletes_what_has_expired(
    two_are_free: FastAPI, user: User, rows: Rows, server: Redis
) -> None:
    async with client_at(two_are_free, HOME) as client:
        await statuses(client, user.username, WRONG)
        assert all([0 < await server.ttl(key) <= 3600 for key in await rows()])
        await statuses(client, user.username, PASSWORD)
    known = [key for key, row in (await rows()).items() if row["is_trusted"] == "1"]
    assert [89 * DAY < await server.ttl(key) <= 90 * DAY for key in known] == [True]


async def test_what_was_forgotten_is_remembered_for_longer_than_the_attempts(
    two_are_free: FastAPI, user: User, rows: Rows, server: Redis, prefix: str
) -> None:
    async with client_at(two_are_free, HOME) as client:
        await statuses(client, user.username, PASSWORD)
        await operator_of(two_are_free).reset_password(
            user.username, "Seven-Chairs-In-A-Row"
        )
        generations = [key async for key in server.scan_iter(f"{prefix}generation:*")]
        assert len(generations) == 3
        assert min([await server.ttl(key) for key in generations]) > 90 * DAY
        longest = max([await server.ttl(key) for key in await rows()])
    assert longest <= 90 * DAY


async def test_what_was_forgotten_is_remembered_while_attempts_come(
    two_are_free: FastAPI, user: User, server: Redis, prefix: str
) -> None:
    await operator_of(two_are_free).reset_password(
        user.username, "Seven-Chairs-In-A-Row"
    )
    generations = [key async for key in server.scan_iter(f"{prefix}generation:*")]
    for key in generations:
        await server.expire(key, 60)
    async with client_at(two_are_free, HOME) as client:
        await statuses(client, user.username, WRONG)
    assert max([await server.ttl(key) for key in generations]) > 90 * DAY


async def test_whoever_is_forgotten_is_counted_anew(
    two_are_free: FastAPI, user: User, rows: Rows, clock: Clock
) -> None:
    async with client_at(two_are_free, HOME) as client:
        assert await statuses(client, user.username, PASSWORD, WRONG, WRONG) == [
            200,
            401,
            401,
        ]
        await operator_of(two_are_free).reset_password(
            user.username, "Seven-Chairs-In-A-Row"
        )
        clock.forward(1)
        assert await statuses(client, user.username, WRONG) == [401]
    # Those of the client at whatever account are not forgotten.
    assert await failures(rows) == [1, 1, 3]
    assert {row["is_trusted"] for row in (await rows()).values()} == {"0"}
