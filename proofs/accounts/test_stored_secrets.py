"""Secrets of users are nowhere in the database."""

import httpx2
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.base import Base
from proofs.accounts.calls import (
    CHANGE_PASSWORD,
    REGISTER,
    attempt,
    registration,
    secrets_of,
)
from proofs.fixtures.users import PASSWORD, Proof

NEW_PASSWORD = "Ten-Lamps-On-A-Shelf"


async def stored_texts(session: AsyncSession) -> list[str]:
    """Read all columns of all tables in which a secret could be."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [
            one for one in table.columns if isinstance(one.type, String | LargeBinary)
        ]
        for row in await session.execute(select(*columns)) if columns else ():
            found += [str(value) for value in row if value is not None]
    return found


async def test_nothing_is_stored_that_opens_an_account(
    anonymous: httpx2.AsyncClient, session: AsyncSession, proof: Proof
) -> None:
    await anonymous.post(REGISTER, json=registration(username="ada"))
    login = await attempt(anonymous, "ada")
    passwords = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    changed = await anonymous.post(
        CHANGE_PASSWORD, json=passwords, headers=proof(login)
    )
    assert changed.status_code == 204
    texts = await stored_texts(session)
    assert "ada" in texts
    for secret in (*secrets_of(login), PASSWORD, NEW_PASSWORD):
        assert not any(secret in text for text in texts)
