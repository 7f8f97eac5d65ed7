"""Tokens: refreshing them, and those that an attacker makes (RFC 8725)."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr

from app.accounts.models import User
from app.config import Settings
from tests.fixtures.accounts import (
    ME,
    Actions,
    ChangeRows,
    Configure,
    LogIn,
    MakeUser,
    ReadRows,
    try_login,
)
from tests.fixtures.app import Connect
from tests.fixtures.tokens import MISSING, Forge

INVALID = 'Bearer error="invalid_token"'
REFRESH = "/api/v1/auth/refresh"
PUBLIC_KEY = b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZI\n-----END PUBLIC KEY-----\n"


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post(REFRESH, json={"refresh_token": token})


async def send(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.get(ME, headers={"Authorization": f"Bearer {token}"})


async def assert_invalid(client: httpx2.AsyncClient, *tokens: str) -> None:
    for token in tokens:
        response = await send(client, token)
        assert (token, response.status_code) == (token, 401)
        assert response.headers["WWW-Authenticate"] == INVALID


async def read_profile(client: httpx2.AsyncClient, pair: dict[str, Any]) -> int:
    return (await send(client, pair["access_token"])).status_code


@pytest.fixture
async def pair(anonymous: httpx2.AsyncClient, user: User) -> dict[str, Any]:
    """Return the tokens of a login of `user`."""
    pair: dict[str, Any] = (await try_login(anonymous, user.username)).json()
    return pair


async def test_10_an_access_token_lives_15_minutes(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 900)
    assert await read_profile(anonymous, pair) == 200


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
    assert replayed.headers["WWW-Authenticate"] == INVALID
    assert (await refresh(anonymous, newest["refresh_token"])).status_code == 401
    assert await read_profile(anonymous, newest) == 401
    assert (await actions())[-1] == "token_reused"


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


async def test_an_untouched_token_is_accepted(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    assert (await send(anonymous, forge())).status_code == 200


async def test_1_missing_or_malformed_credentials_are_challenged(
    anonymous: httpx2.AsyncClient,
) -> None:
    for value in ("", "Bearer", "Basic dTpw", "garbage", "Bearer a.b.c", "x" * 6000):
        headers = {"Authorization": value} if value else {}
        response = await anonymous.get(ME, headers=headers)
        assert (value, response.status_code) == (value, 401)
        assert response.json()["error_code"] == "unauthorized"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_1_a_missing_scope_is_named(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/users")
    challenge = 'Bearer error="insufficient_scope", scope="users:admin"'
    assert response.headers["WWW-Authenticate"] == challenge


async def test_2_an_unsigned_or_changed_token_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    for alg in ("none", "NoNe", "", MISSING):
        unsigned = forge(header={"alg": alg})
        await assert_invalid(anonymous, unsigned, f"{unsigned.rpartition('.')[0]}.")
    parts = forge().split(".")
    others = forge(header={"typ": MISSING}, exp=10**10, key=b"x").split(".")
    for place, other in enumerate(others):
        for part in (other, ""):
            token = ".".join([*parts[:place], part, *parts[place + 1 :]])
            await assert_invalid(anonymous, token)


async def test_3_another_algorithm_or_a_public_key_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    await assert_invalid(
        anonymous,
        forge(header={"alg": "HS512"}, digest="sha512"),
        forge(header={"alg": "RS256"}),
        forge(key=PUBLIC_KEY),
        forge(header={"alg": "ES256"}, key=PUBLIC_KEY),
    )


HOSTILE_HEADERS: list[dict[str, Any]] = [
    {"kid": "../../../../dev/null"},
    {"kid": "' OR 1=1 --"},
    {"kid": 7},
    {"kid": ["a"]},
    {"kid": MISSING},
    {"jwk": {"kty": "oct", "k": "a2V5"}},
    {"jku": "http://127.0.0.1:1/keys"},
    {"x5u": "http://127.0.0.1:1/keys"},
    {"crit": ["exp"]},
]


async def test_4_a_hostile_header_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    tokens = [forge(header=header) for header in HOSTILE_HEADERS]
    await assert_invalid(anonymous, *tokens)


async def test_5_a_token_signed_with_a_well_known_key_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    keys = (b"", b"secret", b"change-me", b"\x00")
    await assert_invalid(anonymous, *[forge(key=key) for key in keys])


async def test_6_a_token_for_another_time_audience_or_purpose_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    now = int(time.time())
    values = {
        # Clocks may differ by at most 30 seconds.
        "exp": (now - 900, now - 31, MISSING, "9999999999"),
        "nbf": (now + 90_000,),
        "iat": (now + 90_000,),
        "iss": ("another", MISSING),
        "aud": ("another", MISSING),
        "typ": ("refresh", MISSING),
    }
    for name, wrong in values.items():
        tokens = [forge(**{name: value}) for value in wrong]
        await assert_invalid(anonymous, *tokens)


async def test_7_access_and_refresh_tokens_are_not_interchangeable(
    anonymous: httpx2.AsyncClient, pair: dict[str, Any]
) -> None:
    await assert_invalid(anonymous, pair["refresh_token"])
    assert (await refresh(anonymous, pair["access_token"])).status_code == 401


async def test_8_an_unknown_or_hostile_subject_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, make_user: MakeUser
) -> None:
    for value in (str(uuid4()), "1", "' OR 1=1 --", 7, None, MISSING):
        await assert_invalid(anonymous, forge(sub=value), forge(sid=value))
    other = await make_user()
    await assert_invalid(anonymous, forge(sub=str(other.id)))


async def test_9_tokens_are_not_cached_and_not_read_from_the_query(
    anonymous: httpx2.AsyncClient, user: User, token: str
) -> None:
    login = await try_login(anonymous, user.username)
    assert login.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in login.headers
    for name in ("access_token", "token", "Authorization"):
        response = await anonymous.get(ME, params={name: token})
        assert response.status_code == 401


async def test_11_a_former_key_verifies_and_signs_nothing(
    connect_with: Connect,
    settings: Settings,
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
) -> None:
    before = await log_in(user)
    new_key = SecretStr("another-secret-for-tests-that-is-long-enough")
    former = {"previous_secret_keys": (settings.secret_key,)}
    rotated = settings.jwt.model_copy(update=former)
    async with connect_with(secret_key=new_key, jwt=rotated) as client:
        assert (await client.get(ME, headers=before)).status_code == 200
        after = (await try_login(client, user.username)).json()["access_token"]
        assert (await send(client, after)).status_code == 200
    assert (await send(anonymous, after)).status_code == 401
    async with connect_with(secret_key=new_key) as client:
        assert (await client.get(ME, headers=before)).status_code == 401
