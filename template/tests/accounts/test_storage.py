"""What is stored of secrets, and what happens without the store."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.accounts.models import User
from app.config import Settings
from app.db import dialect
from app.db.base import Base
from tests.fixtures.accounts import ME, PASSWORD, try_login
from tests.fixtures.database import ReadRows
from tests.fixtures.mail import Deliver, token_of


async def test_18_secrets_are_stored_as_digests_only(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver, read_rows: ReadRows
) -> None:
    login = await try_login(anonymous, user.username)
    secrets = re.findall(r"[\w.-]{43,}", f"{login.text} {login.headers}")
    body = {"email": user.email}
    await anonymous.post("/api/v1/auth/forgot-password", json=body)
    [mail] = await deliver()
    secrets += [token_of(mail), PASSWORD]
    assert len(secrets) > 2
    stored = str([await read_rows(name) for name in Base.metadata.tables])
    assert user.email in stored
    # Of a signed token, each part counts.
    parts = {part for secret in secrets for part in secret.split(".") if len(part) > 20}
    assert not [part for part in parts if part in stored]


@pytest.fixture
async def lost_database(
    app: FastAPI, settings: Settings, client: httpx2.AsyncClient
) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client that is logged in, of an application that lost its database."""
    url = make_url(settings.database_url.get_secret_value())
    gone = url.set(database=f"{url.database}/gone")
    address = gone.render_as_string(hide_password=False)
    engine = dialect.create_engine(address, settings.database)
    sessions, app.state.sessions = app.state.sessions, async_sessionmaker(engine)
    yield client
    app.state.sessions = sessions
    await engine.dispose()


async def test_19_without_its_sessions_the_application_accepts_nobody(
    lost_database: httpx2.AsyncClient,
) -> None:
    response = await lost_database.get(ME)
    assert response.status_code == 503
    assert "Retry-After" in response.headers
