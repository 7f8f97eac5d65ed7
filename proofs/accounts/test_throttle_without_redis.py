"""While Redis is away, nobody can try credentials, and all else goes on."""

import asyncio
import socket
from typing import Any

import argon2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.accounts.models import User
from app.accounts.providers import get_parts
from proofs.accounts.calls import LOGIN, ME, attempt, registration
from proofs.accounts.links import NEW_ADDRESS, NEW_PASSWORD
from proofs.accounts.test_units_of_work import providers
from proofs.fixtures.app import client_key
from proofs.fixtures.redis_away import Return
from proofs.fixtures.users import PASSWORD, LogIn

BODIES: dict[str, dict[str, Any]] = {
    "register": registration(),
    "forgot-password": {"email": "ada@example.com"},
    "reset-password": {"token": "none", "new_password": NEW_PASSWORD},
    "verify-email": {"token": "none"},
    "resend-verification": {"email": "ada@example.com"},
    "confirm-email": {"token": "none"},
    "password": {"current_password": PASSWORD, "new_password": NEW_PASSWORD},
    "email": {"current_password": PASSWORD, "email": NEW_ADDRESS},
}
"""What is sent to each place that takes credentials or has mail sent, but for logging in."""


def throttled(app: FastAPI) -> list[str]:
    """Give the places that take credentials and can count attempts."""
    routes = [
        one
        for one in iter_route_contexts(app.routes)
        if getattr(one, "dependant", None) and getattr(one, "body_field", None)
    ]
    return [str(one.path) for one in routes if get_parts in providers(one.dependant)]


def body_for(app: FastAPI, path: str) -> dict[str, Any]:
    """Give what is sent to a place; to one that is not listed, a text for all that it demands."""
    if path.split("/")[-1] in BODIES:
        return BODIES[path.split("/")[-1]]
    document = app.openapi()
    content = document["paths"][path]["post"]["requestBody"]["content"][
        "application/json"
    ]
    schema = document["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]]
    return dict.fromkeys(schema["required"], "none")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch, verifications: list[bool]) -> list[bool]:
    """Record the hashes that are computed, to store them or to verify a password."""
    compute = argon2.low_level.hash_secret

    def record(*args: Any, **options: Any) -> bytes:
        verifications.append(True)
        return compute(*args, **options)

    monkeypatch.setattr(argon2.low_level, "hash_secret", record)
    return verifications


async def test_no_credentials_are_looked_at_while_they_cannot_be_counted(
    away: FastAPI, user: User, log_in: LogIn, hashes: list[bool]
) -> None:
    paths = throttled(away)
    assert LOGIN in paths
    assert BODIES.keys() <= {path.split("/")[-1] for path in paths}
    async with client_key(away, headers=await log_in(user)) as client:
        others = [path for path in paths if path != LOGIN]
        responses = [
            await client.post(path, json=body_for(away, path)) for path in others
        ]
        responses.append(await attempt(client, user.username))
    assert [response.status_code for response in responses] == [503] * len(responses)
    assert all(response.headers["Retry-After"] == "1" for response in responses)
    assert hashes == []


async def test_whoever_is_logged_in_stays_so(
    away: FastAPI, user: User, log_in: LogIn
) -> None:
    async with client_key(away, headers=await log_in(user)) as client:
        assert (await client.get(ME)).status_code == 200


async def test_credentials_are_taken_again_when_redis_is_back(
    away: FastAPI, user: User, come_back: Return
) -> None:
    async with client_key(away) as client:
        assert (await attempt(client, user.username)).status_code == 503
        come_back()
        for _ in range(500):
            if (response := await attempt(client, user.username)).status_code != 503:
                break
            await asyncio.sleep(0.01)
    assert response.status_code == 200


async def test_a_redis_that_says_nothing_keeps_nobody_waiting(
    away: FastAPI, closed_port: int, user: User, hashes: list[bool]
) -> None:
    with socket.create_server(("127.0.0.1", closed_port)):
        async with client_key(away) as client, asyncio.timeout(10):
            calls = (attempt(client, user.username) for _ in range(20))
            responses = await asyncio.gather(*calls)
    assert [response.status_code for response in responses] == [503] * 20
    assert hashes == []
