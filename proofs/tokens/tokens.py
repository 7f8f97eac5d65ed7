"""Tokens, as their clients use them."""

from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.login.tokens.models import RefreshToken
from app.accounts.models import AuthSession, User
from app.core.security.opaque_tokens import digest, new_token
from app.db.base import now
from proofs.accounts.calls import ME

REFRESH = "/api/v1/auth/refresh"


def bearer(token: str) -> dict[str, str]:
    """Give the headers that show an access token."""
    return {"Authorization": f"Bearer {token}"}


async def refresh_token_of(session: AsyncSession, user: User, **values: Any) -> str:
    """Begin a session of a user, and give its refresh token."""
    token, expires_at = new_token(), now() + timedelta(hours=1)
    defaults = {"user_agent": "tests", "address": "127.0.0.1", "expires_at": expires_at}
    auth_session = AuthSession(user_id=user.id, **defaults | values)
    session.add(auth_session)
    await session.flush()
    family = {"session_id": auth_session.id, "expires_at": auth_session.expires_at}
    session.add(RefreshToken(digest=digest(token), **family))
    await session.commit()
    return token


async def refresh(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    """Show a refresh token."""
    return await client.post(REFRESH, json={"refresh_token": token})


async def refreshed(client: httpx2.AsyncClient, token: str) -> dict[str, Any]:
    """Exchange a refresh token for a new pair."""
    response = await refresh(client, token)
    assert response.status_code == 200, response.text
    pair: dict[str, Any] = response.json()
    return pair


async def read_profile(client: httpx2.AsyncClient, token: str) -> int:
    """Show an access token; give the status of the answer."""
    return (await client.get(ME, headers=bearer(token))).status_code
