"""Access tokens, and refreshing them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from app.accounts.models import User
from tests.fixtures.accounts import ME, Actions, Configure, try_login
from tests.fixtures.database import ChangeRows, ReadRows

REFRESH = "/api/v1/auth/refresh"


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post(REFRESH, json={"refresh_token": token})


async def read_profile(client: httpx2.AsyncClient, pair: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    return (await client.get(ME, headers=headers)).status_code


@pytest.fixture
async def pair(anonymous: httpx2.AsyncClient, user: User) -> dict[str, Any]:
    """Return the tokens of a login of `user`."""
    pair: dict[str, Any] = (await try_login(anonymous, user.username)).json()
    return pair


async def test_a_login_answers_with_a_pair_of_tokens(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    assert (pair["token_type"], pair["scope"]) == ("bearer", "data:read data:write")
    assert await read_profile(anonymous, pair) == 200


async def test_refreshing_keeps_the_scopes_of_the_login(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    form = {"scope": "data:read users:admin"}
    pair = (await try_login(anonymous, user.username, **form)).json()
    renewed = (await refresh(anonymous, pair["refresh_token"])).json()
    assert pair["scope"] == renewed["scope"] == "data:read"


async def test_10_an_access_token_lives_15_minutes(pair: dict[str, Any]) -> None:
    assert pair["expires_in"] == 900


async def test_12_refreshing_rotates_the_tokens_of_one_session(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any], read_rows: ReadRows
) -> None:
    for _ in range(3):
        renewed = (await refresh(anonymous, pair["refresh_token"])).json()
        assert renewed["refresh_token"] != pair["refresh_token"]
        assert await read_profile(anonymous, renewed) == 200
        pair = renewed
    assert len(await read_rows("auth_sessions")) == 1


async def test_12_reuse_of_a_refresh_token_ends_the_session(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any], actions: Actions
) -> None:
    newest = (await refresh(anonymous, pair["refresh_token"])).json()
    replayed = await refresh(anonymous, pair["refresh_token"])
    assert replayed.status_code == 401
    assert replayed.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert (await refresh(anonymous, newest["refresh_token"])).status_code == 401
    assert await read_profile(anonymous, newest) == 401
    assert (await actions())[-1] == "token_reused"


async def test_12_reuse_ends_no_other_session(
    client: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    for _ in range(2):
        await refresh(client, pair["refresh_token"])
    assert (await client.get(ME)).status_code == 200


@pytest.mark.committed
async def test_13_parallel_refreshes_leave_at_most_one_successor(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    calls = [refresh(anonymous, pair["refresh_token"]) for _ in range(8)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} <= {200, 401}
    pairs = [answer.json() for answer in answers if answer.status_code == 200]
    statuses = [await read_profile(anonymous, one) for one in pairs]
    assert statuses.count(200) <= 1


async def test_14_logging_out_ends_the_refresh_token_too(
    client: httpx2.AsyncClient, user: User
) -> None:
    pair = (await try_login(client, user.username)).json()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    await client.post("/api/v1/auth/logout", headers=headers)
    assert await read_profile(client, pair) == 401
    assert (await refresh(client, pair["refresh_token"])).status_code == 401


async def test_16_a_disabled_user_cannot_refresh(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any], change_rows: ChangeRows
) -> None:
    await change_rows("users", is_active=False)
    assert (await refresh(anonymous, pair["refresh_token"])).status_code == 401


async def test_17_refreshing_prolongs_a_session_up_to_its_lifetime(
    anonymous: httpx2.AsyncClient,
    pair: dict[str, Any],
    change_rows: ChangeRows,
    read_rows: ReadRows,
    configure: Configure,
) -> None:
    configure("accounts", idle_days=7, session_days=30)
    now = datetime.now(UTC)
    for age, remaining in ((0, 7), (29, 1)):
        begun = now - timedelta(days=age)
        await change_rows("auth_sessions", created_at=begun)
        pair = (await refresh(anonymous, pair["refresh_token"])).json()
        [session] = await read_rows("auth_sessions")
        left = session["expires_at"] - now
        assert round(left / timedelta(days=1), 2) == remaining
    await change_rows("auth_sessions", created_at=now - timedelta(days=31))
    assert (await refresh(anonymous, pair["refresh_token"])).status_code == 401


async def test_23_trying_refresh_tokens_is_throttled(
    anonymous: httpx2.AsyncClient,
    pair: dict[str, Any],
    configure: Configure,
    clock: object,  # noqa: ARG001
) -> None:
    configure("throttle", failures_per_client=1)
    assert (await refresh(anonymous, "a-guess")).status_code == 401
    assert (await refresh(anonymous, pair["refresh_token"])).status_code == 429
