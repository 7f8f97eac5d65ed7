"""Tokens as an attacker makes them (RFC 8725)."""

import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from app.accounts.models import User
from app.config import Settings
from tests.fixtures.accounts import ME, LogIn, try_login
from tests.fixtures.app import Connect
from tests.fixtures.tokens import MISSING, Forge

INVALID = 'Bearer error="invalid_token"'
NOW = int(time.time())


async def send(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.get(ME, headers={"Authorization": f"Bearer {token}"})


async def test_an_untouched_token_is_accepted(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    assert (await send(anonymous, forge())).status_code == 200


@pytest.mark.parametrize(
    "credentials", ["", "Bearer", "Basic dTpw", "garbage", "Bearer a.b.c"]
)
async def test_1_missing_or_malformed_credentials_are_challenged(
    anonymous: httpx2.AsyncClient, credentials: str
) -> None:
    headers = {"Authorization": credentials} if credentials else {}
    response = await anonymous.get(ME, headers=headers)
    assert (response.status_code, response.json()["error_code"]) == (
        401,
        "unauthorized",
    )
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_1_an_endless_token_is_refused(anonymous: httpx2.AsyncClient) -> None:
    assert (await send(anonymous, "x" * 6000)).status_code == 401


async def test_1_a_missing_scope_is_named(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/users")
    challenge = 'Bearer error="insufficient_scope", scope="users:admin"'
    assert response.headers["WWW-Authenticate"] == challenge


@pytest.mark.parametrize("alg", ["none", "NoNe", "", MISSING], ids=str)
async def test_2_an_unsigned_token_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, alg: object
) -> None:
    token = forge(header={"alg": alg})
    for one in (token, f"{token.rpartition('.')[0]}."):
        response = await send(anonymous, one)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == INVALID


async def test_2_a_token_with_a_changed_or_missing_part_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    parts = forge().split(".")
    others = forge(header={"typ": MISSING}, exp=NOW + 9000, key=b"x").split(".")
    for place, other in enumerate(others):
        for part in (other, ""):
            token = ".".join([*parts[:place], part, *parts[place + 1 :]])
            assert (place, (await send(anonymous, token)).status_code) == (place, 401)


async def test_3_another_algorithm_or_a_public_key_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for token in (
        forge(header={"alg": "HS512"}, digest="sha512"),
        forge(header={"alg": "RS256"}),
        forge(key=pem),
        forge(header={"alg": "ES256"}, key=pem),
    ):
        assert (await send(anonymous, token)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"kid": 7},
        {"kid": ["a"]},
        {"kid": MISSING},
        {"jwk": {"kty": "oct", "k": "a2V5"}},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/keys"},
        {"crit": ["exp"]},
    ],
    ids=lambda header: "-".join(header),
)
async def test_4_a_hostile_header_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, header: dict[str, Any]
) -> None:
    assert (await send(anonymous, forge(header=header))).status_code == 401


@pytest.mark.parametrize("key", [b"", b"secret", b"change-me", b"\x00"])
async def test_5_a_token_signed_with_a_well_known_key_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, key: bytes
) -> None:
    assert (await send(anonymous, forge(key=key))).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 900},
        {"exp": MISSING},
        {"exp": "9999999999"},
        {"nbf": NOW + 90_000},
        {"iat": NOW + 90_000},
        {"iss": "another"},
        {"iss": MISSING},
        {"aud": "another"},
        {"aud": MISSING},
        {"typ": "refresh"},
        {"typ": MISSING},
    ],
    ids=lambda claims: "-".join(claims),
)
async def test_6_a_token_for_another_time_audience_or_purpose_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, claims: dict[str, Any]
) -> None:
    assert (await send(anonymous, forge(**claims))).status_code == 401


async def test_7_access_and_refresh_tokens_are_not_interchangeable(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    pair = (await try_login(anonymous, user.username)).json()
    assert (await send(anonymous, pair["refresh_token"])).status_code == 401
    body = {"refresh_token": pair["access_token"]}
    refused = await anonymous.post("/api/v1/auth/refresh", json=body)
    assert refused.status_code == 401


@pytest.mark.parametrize("claim", ["sub", "sid"])
@pytest.mark.parametrize(
    "value",
    ["0198a5b0-0000-7000-8000-000000000001", "1", "' OR 1=1 --", 7, None, MISSING],
    ids=str,
)
async def test_8_an_unknown_or_hostile_subject_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, claim: str, value: object
) -> None:
    assert (await send(anonymous, forge(**{claim: value}))).status_code == 401


async def test_8_a_session_of_another_user_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    assert (await send(anonymous, forge(sid=str(uuid4())))).status_code == 401


async def test_9_tokens_are_not_cached_and_not_read_from_the_query(
    anonymous: httpx2.AsyncClient, user: User, token: str
) -> None:
    login = await try_login(anonymous, user.username)
    assert login.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in login.headers
    for name in ("access_token", "token", "Authorization"):
        response = await anonymous.get(ME, params={name: token})
        assert response.status_code == 401


async def test_10_the_leeway_of_clocks_is_at_most_30_seconds(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    now = int(time.time())
    assert (await send(anonymous, forge(exp=now - 31))).status_code == 401


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
