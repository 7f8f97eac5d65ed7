"""Who is logged in is counted as a user, wherever the requests come from."""

import httpx2
import pytest
from fastapi import APIRouter

from app.accounts.models import User
from app.core.rate_limit.limits import limit
from proofs.accounts.calls import LOGIN, ME
from proofs.fixtures.limits import Call, Limit
from proofs.fixtures.users import LogIn, MakeUser
from proofs.rate_limit.calls import parts, statuses

LOGOUT = "/api/v1/auth/logout"

router = APIRouter()


@router.get("/by-client")
@limit("2/hour", by_client=True)
async def get_by_client() -> None:
    pass


@router.get("/by-user")
@limit("1/minute;9/hour")
async def get_by_user() -> None:
    pass


@pytest.fixture
def shared_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two callers behind one address use up their limits at the same time."""
    monkeypatch.setattr("app.core.rate_limit.limits.SHARED_BY", 2)


async def test_a_user_is_counted_across_addresses_and_sessions(
    limit_app: Limit, call_from: Call, user: User, log_in: LogIn
) -> None:
    app, first, second = limit_app("3/hour"), await log_in(user), await log_in(user)
    assert await statuses(call_from(app, "198.51.100.1", first), ME, 2) == [200, 200]
    assert await statuses(call_from(app, "198.51.100.2", second), ME, 2) == [200, 429]


async def test_users_behind_one_address_are_counted_apart(
    limit_app: Limit, call_from: Call, make_user: MakeUser, log_in: LogIn
) -> None:
    app = limit_app("1/hour")
    for _ in range(3):
        headers = await log_in(await make_user())
        assert await statuses(call_from(app, headers=headers), ME, 2) == [200, 429]
    assert await statuses(call_from(app), "/openapi.json", 2) == [200, 429]


async def test_an_address_that_registers_many_accounts_has_the_limits_of_some(
    monkeypatch: pytest.MonkeyPatch,
    limit_app: Limit,
    call_from: Call,
    make_user: MakeUser,
    log_in: LogIn,
) -> None:
    monkeypatch.setattr("app.core.rate_limit.limits.SHARED_BY", 3)
    app, found = limit_app("2/hour"), []
    sessions = [await log_in(await make_user()) for _ in range(5)]
    for headers in sessions:
        found += await statuses(call_from(app, headers=headers), ME, 2)
    assert found == [200] * 6 + [429] * 4
    refused = await call_from(app, headers=sessions[-1]).get(ME)
    assert parts(refused)["default"]["r"] == 0
    assert int(refused.headers["Retry-After"]) <= 2 * 3600
    # Neither those who are elsewhere nor those who are nobody are concerned.
    elsewhere = call_from(app, "203.0.113.9", sessions[-1])
    assert await statuses(elsewhere, ME, 3) == [200, 200, 429]
    assert await statuses(call_from(app), "/openapi.json", 3) == [200, 200, 429]


@pytest.mark.usefixtures("shared_by_two")
async def test_who_goes_on_above_a_limit_uses_up_nothing_of_the_address(
    limit_app: Limit, call_from: Call, make_user: MakeUser, log_in: LogIn
) -> None:
    app = limit_app("2/hour")
    loud, calm = [await log_in(await make_user()) for _ in range(2)]
    assert await statuses(call_from(app, headers=loud), ME, 9) == [200] * 2 + [429] * 7
    assert await statuses(call_from(app, headers=calm), ME, 3) == [200, 200, 429]


@pytest.mark.usefixtures("shared_by_two")
async def test_a_limit_of_a_route_is_shared_by_an_address_too(
    limit_app: Limit, call_from: Call, make_user: MakeUser, log_in: LogIn
) -> None:
    app, found = limit_app("9/hour", router), []
    for _ in range(3):
        client = call_from(app, headers=await log_in(await make_user()))
        found += await statuses(client, "/by-user", 1)
    assert found == [200, 200, 429]


def damaged(headers: dict[str, str]) -> dict[str, str]:
    """Change a letter of the signature."""
    name, proof = next(iter(headers.items()))
    other = "A" if proof[-2] != "A" else "B"
    return {**headers, name: f"{proof[:-2]}{other}{proof[-1]}"}


async def test_made_up_credentials_are_counted_by_the_address(
    limit_app: Limit, call_from: Call, make_user: MakeUser, log_in: LogIn
) -> None:
    app = limit_app("2/hour")
    found = []
    for _ in range(4):
        headers = damaged(await log_in(await make_user()))
        found.append((await call_from(app, headers=headers).get(ME)).status_code)
    assert found == [401, 401, 429, 429]


async def test_attempts_to_log_in_are_counted_too(
    limit_app: Limit, call_from: Call, user: User
) -> None:
    client = call_from(limit_app("2/hour"))
    form = {"username": user.username, "password": "a-wrong-password"}
    answers: list[httpx2.Response] = [
        await client.post(LOGIN, data=form) for _ in range(3)
    ]
    assert [one.status_code for one in answers] == [401, 401, 429]
    assert parts(answers[0])["default"]["r"] == 1


async def test_a_route_can_count_by_the_address_in_any_case(
    limit_app: Limit, call_from: Call, make_user: MakeUser, log_in: LogIn
) -> None:
    app = limit_app("9/hour", router)
    for status in (200, 200, 429):
        headers = await log_in(await make_user())
        assert await statuses(call_from(app, headers=headers), "/by-client", 1) == [
            status
        ]


async def test_whoever_shows_an_ended_session_uses_up_nothing_of_its_user(
    limit_app: Limit, call_from: Call, user: User, log_in: LogIn
) -> None:
    app, ended, living = limit_app("4/hour"), await log_in(user), await log_in(user)
    thief = call_from(app, "203.0.113.9", ended)
    assert (await call_from(app, headers=ended).post(LOGOUT)).status_code == 204
    assert await statuses(thief, ME, 6) == [401] * 5 + [429]
    assert await statuses(call_from(app, headers=living), ME, 3) == [200, 200, 429]


async def test_a_wrong_password_beside_good_credentials_ends_nothing(
    limit_app: Limit, call_from: Call, user: User, log_in: LogIn
) -> None:
    client = call_from(limit_app("4/hour"), headers=await log_in(user))
    wrong = {"username": user.username, "password": "a-wrong-password"}
    assert (await client.post(LOGIN, data=wrong)).status_code == 401
    counted = await client.get(ME)
    assert parts(counted)["default"]["r"] == 2, "the user's, and not the address's"
