"""Logging in and refreshing: what the tokens are like, and how long they last."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.login.tokens.models import RefreshToken
from app.accounts.models import AuthSession, User
from app.config import Settings
from app.core.security.opaque_tokens import digest, new_token
from app.db.base import now
from proofs.accounts.calls import LOGIN, ME, attempt
from proofs.fixtures.users import PASSWORD, LogIn
from proofs.tokens.tokens import (
    REFRESH,
    bearer,
    read_profile,
    refresh,
    refresh_token_of,
    refreshed,
)

SAMPLES = "/samples"


async def test_logging_in_gives_a_pair_of_tokens(
    anonymous: httpx2.AsyncClient, user: User
) -> None:
    response = await attempt(anonymous, user.email)
    assert response.status_code == 200
    pair = response.json()
    assert pair.keys() == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
    }
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 900)
    assert pair["scope"] == "data:read data:write"
    assert await read_profile(anonymous, pair["access_token"]) == 200
    assert (await refreshed(anonymous, pair["refresh_token"])).keys() == pair.keys()


async def test_answers_with_tokens_are_not_stored(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    login = await attempt(anonymous, user.username)
    renewed = await refresh(anonymous, await refresh_token_of(session, user))
    for response in (login, renewed, await refresh(anonymous, new_token())):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("data:read", "data:read"),
        ("data:write data:read", "data:read data:write"),
        ("data:read users:admin", "data:read"),
        ("users:admin", ""),
        ("", "data:read data:write"),
    ],
)
async def test_a_login_has_the_scopes_that_it_asks_for_and_its_user_has(
    anonymous: httpx2.AsyncClient, user: User, asked: str, granted: str
) -> None:
    form = {"username": user.username, "password": PASSWORD, "scope": asked}
    pair = (await anonymous.post(LOGIN, data=form)).json()
    assert pair["scope"] == granted
    assert (await refreshed(anonymous, pair["refresh_token"]))["scope"] == granted


async def test_a_narrow_session_stays_narrow(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    pair = await refreshed(
        anonymous, await refresh_token_of(session, user, scope="data:read")
    )
    headers = bearer(pair["access_token"])
    assert (await anonymous.get(SAMPLES, headers=headers)).status_code == 200
    assert (
        await anonymous.post(SAMPLES, headers=headers, json={"name": "A"})
    ).status_code == 403


async def test_refreshing_goes_on_in_the_same_session(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    tokens = [await refresh_token_of(session, user)]
    for _ in range(3):
        pair = await refreshed(anonymous, tokens[-1])
        tokens.append(pair["refresh_token"])
        assert await read_profile(anonymous, pair["access_token"]) == 200
    assert len(set(tokens)) == 4
    assert len((await session.scalars(select(AuthSession))).all()) == 1


async def test_refreshing_needs_no_access_token(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    headers = bearer("over")
    response = await anonymous.post(
        REFRESH, json={"refresh_token": token}, headers=headers
    )
    assert response.status_code == 200


@pytest.mark.parametrize("shown", [0, 1])
async def test_a_token_that_is_shown_again_ends_its_session(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, shown: int
) -> None:
    tokens = [await refresh_token_of(session, user)]
    for _ in range(2):
        pair = await refreshed(anonymous, tokens[-1])
        tokens.append(pair["refresh_token"])
    replayed = await refresh(anonymous, tokens[shown])
    assert replayed.status_code == 401
    assert replayed.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert (await refresh(anonymous, tokens[-1])).status_code == 401
    assert await read_profile(anonymous, pair["access_token"]) == 401


async def test_a_token_that_is_shown_again_ends_no_other_session(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token, other = [await refresh_token_of(session, user) for _ in range(2)]
    await refreshed(client, token)
    assert (await refresh(client, token)).status_code == 401
    assert (await client.get(ME)).status_code == 200
    assert (await refresh(client, other)).status_code == 200


async def test_an_access_token_is_no_refresh_token_and_vice_versa(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, log_in: LogIn
) -> None:
    access_token = (await log_in(user))["Authorization"].removeprefix("Bearer ")
    refresh_token = await refresh_token_of(session, user)
    assert (await refresh(anonymous, access_token)).status_code == 401
    assert await read_profile(anonymous, refresh_token) == 401
    assert (await refresh(anonymous, refresh_token)).status_code == 200


@pytest.mark.parametrize(
    "token", ["x", new_token(), "' OR 1=1 --", "ключ", "../../etc/passwd"]
)
async def test_an_unknown_refresh_token_is_refused(
    anonymous: httpx2.AsyncClient, token: str
) -> None:
    response = await refresh(anonymous, token)
    assert response.status_code == 401
    assert response.json()["error_code"] == "unauthorized"
    assert token not in response.text


async def test_what_is_stored_is_no_refresh_token(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(session, user)
    assert (await refresh(anonymous, digest(token))).status_code == 401


async def test_each_refresh_prolongs_a_session_by_the_idle_time(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, settings: Settings
) -> None:
    begun = now()
    await refreshed(anonymous, await refresh_token_of(session, user))
    unused = select(RefreshToken.expires_at).where(RefreshToken.used_at.is_(None))
    for statement in (select(AuthSession.expires_at), unused):
        expires_at = (await session.scalars(statement)).one()
        assert (
            begun <= expires_at - timedelta(days=settings.accounts.idle_days) <= now()
        )


async def test_no_refresh_prolongs_a_session_beyond_its_lifetime(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, settings: Settings
) -> None:
    end = now() + timedelta(minutes=5)
    begun = end - settings.accounts.session_lifetime
    token = await refresh_token_of(session, user, created_at=begun, expires_at=end)
    for _ in range(3):
        token = (await refreshed(anonymous, token))["refresh_token"]
    for column in (AuthSession.expires_at, RefreshToken.expires_at):
        assert set(await session.scalars(select(column))) == {end}


async def test_a_session_that_is_over_cannot_be_refreshed(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    token = await refresh_token_of(
        session, user, expires_at=now() - timedelta(seconds=1)
    )
    assert (await refresh(anonymous, token)).status_code == 401


async def test_a_session_older_than_its_lifetime_cannot_be_refreshed(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, settings: Settings
) -> None:
    begun = now() - settings.accounts.session_lifetime - timedelta(seconds=1)
    token = await refresh_token_of(session, user, created_at=begun)
    assert (await refresh(anonymous, token)).status_code == 401
