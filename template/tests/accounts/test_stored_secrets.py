"""Secrets of users are nowhere in the database."""

import httpx2
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.security.opaque_tokens import digest
from app.db.base import Base
from tests.accounts.calls import CHANGE_PASSWORD, REGISTER, attempt, registration
from tests.accounts.tokens import bearer, refreshed
from tests.fixtures.users import PASSWORD

NEW_PASSWORD = "Ten-Lamps-On-A-Shelf"


async def stored_texts(session: AsyncSession) -> list[str]:
    """Read all columns of all tables in which a secret could be."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, String | LargeBinary)]
        for row in await session.execute(select(*columns)):
            found += [str(value) for value in row if value is not None]
    return found


async def test_neither_tokens_nor_passwords_are_stored(
    anonymous: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await anonymous.post(REGISTER, json=registration(username="ada"))
    first = (await attempt(anonymous, "ada")).json()
    second = await refreshed(anonymous, first["refresh_token"])
    passwords = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    headers = bearer(second["access_token"])
    changed = await anonymous.post(CHANGE_PASSWORD, json=passwords, headers=headers)
    assert changed.status_code == 204

    texts = await stored_texts(session)
    for pair in (first, second):
        assert digest(pair["refresh_token"]) in texts
    tokens = [pair[kind] for pair in (first, second) for kind in ("refresh_token", "access_token")]
    for secret in [*tokens, PASSWORD, NEW_PASSWORD]:
        assert not any(secret in text for text in texts)
