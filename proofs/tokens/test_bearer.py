"""Access tokens over HTTP: who shows no valid one is nobody."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.accounts.models import User
from app.config import Settings
from app.core.security.jwt import LEEWAY, JwtSettings, key_id
from proofs.accounts.calls import ME, USERS, target
from proofs.accounts.permissions import PROTECTED
from proofs.core.security.forged import MISSING, header, payload, public_key, signed
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.users import LogIn, MakeUser
from proofs.tokens.tokens import bearer, read_profile

Forge = Callable[..., str]

INVALID = 'Bearer error="invalid_token"'
NEW_KEY = SecretStr("another-secret-for-tests-that-is-long-enough")
NO_CREDENTIALS = ["", "Bearer", "Bearer ", "Basic dTpw", "Token x", "garbage"]
NO_TOKENS = ["garbage", "a.b.c", "..", "x" * 6000, "{} {}", "\x01", "ä"]
HOSTILE_HEADERS: list[dict[str, Any]] = [
    {"alg": "none"},
    {"alg": "NoNe"},
    {"alg": "HS512"},
    {"alg": "RS256"},
    {"alg": MISSING},
    {"kid": "../../../../dev/null"},
    {"kid": "' OR 1=1 --"},
    {"kid": 7},
    {"kid": ["a"]},
    {"kid": MISSING},
    {"jwk": {"kty": "oct", "k": "a2V5"}},
    {"jku": "http://127.0.0.1:1/keys"},
    {"x5u": "http://127.0.0.1:1/keys"},
    {"crit": ["exp"]},
    {"typ": "at+jwt"},
]
WRONG_CLAIMS: list[dict[str, Any]] = [
    {"exp": int(time.time()) - 900},
    {"exp": MISSING},
    {"exp": "9999999999"},
    {"nbf": int(time.time()) + 90_000},
    {"iat": int(time.time()) + 90_000},
    {"iss": "somebody"},
    {"iss": MISSING},
    {"aud": "somebody"},
    {"aud": MISSING},
    {"typ": "refresh"},
    {"typ": MISSING},
]
HOSTILE_IDS = [str(uuid4()), "1", "' OR 1=1 --", "\x00", 7, None, ["a"], {}, MISSING]


@pytest.fixture
async def forge(app: FastAPI, settings: Settings, user: User, log_in: LogIn) -> Forge:
    """Give a function that signs a token of a live session, with something wrong about it."""
    secret = settings.secret_key.get_secret_value()
    token = (await log_in(user))["Authorization"].removeprefix("Bearer ")
    session_id = app.state.access_tokens.read(token).sid
    name = settings.project_name
    good = {"sub": str(user.id), "sid": str(session_id), "iss": name, "aud": name}

    def make(
        head: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
        key: str | bytes = secret,
        algorithm: str = "sha256",
    ) -> str:
        head = {"kid": key_id(secret)} | (head or {})
        return signed(header(**head), payload(**good | (claims or {})), key, algorithm)

    return make


async def test_a_token_with_nothing_wrong_is_accepted(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    assert await read_profile(anonymous, forge()) == 200


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_may_be_in_any_case(
    anonymous: httpx2.AsyncClient, forge: Forge, kind: str
) -> None:
    response = await anonymous.get(ME, headers={"Authorization": f"{kind} {forge()}"})
    assert response.status_code == 200


async def test_who_shows_no_token_is_asked_to_log_in(
    anonymous: httpx2.AsyncClient,
) -> None:
    for headers in ({}, *({"Authorization": value} for value in NO_CREDENTIALS)):
        response = await anonymous.get(ME, headers=headers)
        assert (headers, response.status_code) == (headers, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.json()["error_code"] == "unauthorized"


async def test_a_refusal_names_the_scope_that_is_missing(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get(USERS)
    challenge = 'Bearer error="insufficient_scope", scope="users:admin"'
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (
        403,
        challenge,
    )


async def test_what_is_no_token_is_refused(anonymous: httpx2.AsyncClient) -> None:
    for token in NO_TOKENS:
        value = f"Bearer {token}".encode("latin-1")
        response = await anonymous.get(ME, headers={b"Authorization": value})
        assert (token, response.status_code) == (token, 401)
        assert response.headers["WWW-Authenticate"] == INVALID


async def test_a_token_with_a_changed_or_missing_part_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    parts, others = (
        forge().split("."),
        forge({"typ": MISSING}, {"exp": 10**10}, "key").split("."),
    )
    for part, other in enumerate(others):
        for replacement in (other, ""):
            token = ".".join([*parts[:part], replacement, *parts[part + 1 :]])
            assert (token, await read_profile(anonymous, token)) == (token, 401)


async def test_a_hostile_header_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    for head in HOSTILE_HEADERS:
        unsigned = forge(head).rpartition(".")[0]
        for token in (forge(head), f"{unsigned}."):
            assert (head, await read_profile(anonymous, token)) == (head, 401)


async def test_another_algorithm_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    token = forge({"alg": "HS512"}, algorithm="sha512")
    assert await read_profile(anonymous, token) == 401


async def test_a_key_that_others_know_opens_nothing(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    for key in ("", "secret", "change-me", "\x00", public_key()):
        assert (key, await read_profile(anonymous, forge(key=key))) == (key, 401)


async def test_a_token_for_another_time_place_or_purpose_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    for claims in WRONG_CLAIMS:
        assert (claims, await read_profile(anonymous, forge(claims=claims))) == (
            claims,
            401,
        )


@pytest.mark.parametrize("claim", ["sub", "sid"])
async def test_an_unknown_or_hostile_identity_is_refused(
    anonymous: httpx2.AsyncClient, forge: Forge, claim: str
) -> None:
    for value in HOSTILE_IDS:
        response = await anonymous.get(ME, headers=bearer(forge(claims={claim: value})))
        assert (value, response.status_code) == (value, 401)
        assert response.headers["WWW-Authenticate"] == INVALID


async def test_the_session_of_somebody_else_does_not_count(
    anonymous: httpx2.AsyncClient, forge: Forge, make_user: MakeUser
) -> None:
    token = forge(claims={"sub": str((await make_user()).id)})
    assert await read_profile(anonymous, token) == 401


async def test_a_token_that_is_over_opens_no_operation(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    headers = bearer(forge(claims={"exp": int(time.time()) - LEEWAY - 1}))
    for operation in PROTECTED:
        method, path = target(operation)
        for verb in {method, "HEAD"} if method == "GET" else {method}:
            response = await anonymous.request(verb, path, headers=headers)
            assert (operation, response.status_code) == (operation, 401)
            assert response.headers["WWW-Authenticate"] == INVALID


async def test_a_token_in_the_address_is_ignored(
    anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    for name in ("access_token", "token", "Authorization"):
        response = await anonymous.get(ME, params={name: forge()})
        assert response.status_code == 401


async def test_a_changed_key_logs_nobody_out_until_it_is_dropped(
    serve: Serve, settings: Settings, forge: Forge
) -> None:
    former = JwtSettings(previous_secret_keys=(settings.secret_key,))
    for jwt, status in ((former, 200), (JwtSettings(), 401)):
        async with client_key(serve(secret_key=NEW_KEY, jwt=jwt)) as client:
            assert await read_profile(client, forge()) == status


async def test_a_former_key_signs_nothing(
    serve: Serve, settings: Settings, anonymous: httpx2.AsyncClient, forge: Forge
) -> None:
    former = JwtSettings(previous_secret_keys=(settings.secret_key,))
    app = serve(secret_key=NEW_KEY, jwt=former)
    claims = app.state.access_tokens.read(forge())
    token = app.state.access_tokens.issue(claims.sub, claims.sid)
    async with client_key(app) as client:
        assert await read_profile(client, token) == 200
    assert await read_profile(anonymous, token) == 401
