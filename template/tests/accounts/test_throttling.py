"""Throttling of attempts at credentials."""

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from app.core.settings import HttpSettings
from tests.fixtures.accounts import (
    PASSWORD,
    REGISTER,
    WRONG,
    Clock,
    Configure,
    MakeUser,
    registration,
    try_login,
)
from tests.fixtures.app import Connect, connect


async def test_23_failed_logins_must_wait_ever_longer(
    anonymous: httpx2.AsyncClient,
    user: User,
    configure: Configure,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.accounts.throttle.MAX_DELAY", 3)
    configure("throttle", failures=2)
    assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
    for seconds in ("1", "2", "3", "3"):
        assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
        refused = await try_login(anonymous, user.username)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, seconds)
        assert refused.json()["error_code"] == "login_throttled"
        clock.forward(int(seconds))
    assert (await try_login(anonymous, user.username)).status_code == 200


async def test_23_one_client_must_wait_for_all_accounts(
    app: FastAPI,
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    configure: Configure,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", failures_per_client=2)
    users = [await make_user() for _ in range(3)]
    for user in users[:2]:
        assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
    assert (await try_login(anonymous, users[2].username)).status_code == 429
    async with connect(app, "198.51.100.7") as other:
        assert (await try_login(other, users[2].username)).status_code == 200


async def test_23_registrations_are_throttled(
    anonymous: httpx2.AsyncClient,
    configure: Configure,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", registrations=1)
    statuses = [
        (await anonymous.post(REGISTER, json=registration())).status_code
        for _ in range(2)
    ]
    assert statuses == [201, 429]


async def test_23_forwarding_headers_of_a_client_do_not_help(
    anonymous: httpx2.AsyncClient,
    user: User,
    configure: Configure,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", failures=1)
    assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"):
        anonymous.headers[name] = "203.0.113.9"
        assert (await try_login(anonymous, user.username)).status_code == 429


async def test_23_behind_a_trusted_proxy_the_last_untrusted_hop_counts(
    connect_with: Connect,
    user: User,
    configure: Configure,
    app: FastAPI,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", failures=1)
    http = HttpSettings(trusted_proxies=("10.0.0.0/8",))
    throttle = app.state.settings.throttle
    async with connect_with("10.1.2.3", http=http, throttle=throttle) as client:
        for forwarded, status in (
            ("203.0.113.9", 401),
            ("198.51.100.1, 203.0.113.9", 429),
            ("203.0.113.9, 198.51.100.1", 401),
        ):
            client.headers["X-Forwarded-For"] = forwarded
            login = await try_login(client, user.username, WRONG)
            assert (forwarded, login.status_code) == (forwarded, status)


async def test_24_unknown_accounts_are_throttled_alike(
    anonymous: httpx2.AsyncClient,
    user: User,
    configure: Configure,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", failures=1)
    answers = []
    for login in (user.username, "nobody"):
        assert (await try_login(anonymous, login, WRONG)).status_code == 401
        refused = await try_login(anonymous, login)
        answers.append((refused.status_code, refused.headers["Retry-After"]))
    assert answers == [(429, "1")] * 2


async def test_24_attackers_do_not_lock_a_known_client_out(
    app: FastAPI,
    anonymous: httpx2.AsyncClient,
    user: User,
    configure: Configure,
    clock: Clock,
) -> None:
    configure("throttle", failures_per_account=2)
    assert (await try_login(anonymous, user.username)).status_code == 200
    for number in range(3):
        async with connect(app, f"203.0.113.{number}") as attacker:
            await try_login(attacker, user.username, WRONG)
    async with connect(app, "198.51.100.7") as unknown:
        refused = await try_login(unknown, user.username, PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) <= 60
        assert (await try_login(anonymous, user.username)).status_code == 200
        clock.forward(60)
        assert (await try_login(unknown, user.username)).status_code == 200
