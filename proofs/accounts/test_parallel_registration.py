"""Registering at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from proofs.accounts.calls import REGISTER, registration
from proofs.accounts.links import queued


async def register_all(
    client: httpx2.AsyncClient, values: Iterable[dict[str, str]]
) -> list[int]:
    calls = (client.post(REGISTER, json=registration(**one)) for one in values)
    responses = await asyncio.gather(*calls)
    return [response.status_code for response in responses]


@pytest.mark.committed
@pytest.mark.parametrize(
    ("field", "spellings"),
    [
        ("email", ["ada@example.com", "ADA@example.com", "Ada@EXAMPLE.com"] * 4),
        ("username", ["ada-lovelace", "ADA-LOVELACE", "Ada-Lovelace"] * 4),
    ],
)
async def test_of_many_who_want_the_same_one_gets_it(
    anonymous: httpx2.AsyncClient,
    session: AsyncSession,
    field: str,
    spellings: list[str],
) -> None:
    statuses = await register_all(anonymous, [{field: text} for text in spellings])
    assert Counter(statuses) == {201: 1, 409: 11}
    [user] = (await session.scalars(select(User))).all()
    assert await queued(session) == [(MailPurpose.VERIFY_EMAIL, user.email)]
