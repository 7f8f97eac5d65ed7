"""Using a token from a mail at the same moment."""

import asyncio
from collections import Counter

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from proofs.accounts.links import USES, mint, recorded, use


@pytest.mark.committed
@pytest.mark.parametrize("purpose", USES)
async def test_of_ten_uses_at_once_one_counts(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    token = await mint(session, user, purpose)
    responses = await asyncio.gather(
        *(use(anonymous, purpose, token) for _ in range(10))
    )
    assert Counter(one.status_code for one in responses) == {204: 1, 400: 9}
    assert len(await recorded(session, user)) == 1
