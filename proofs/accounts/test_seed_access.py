"""The account that owns the samples is nobody's."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from tools.seed import load_samples

from app.accounts.models import User


async def test_the_only_account_that_comes_with_the_samples_has_no_password(
    session: AsyncSession,
) -> None:
    await load_samples(session)
    users = (await session.scalars(select(User))).all()
    assert [(user.username, user.hashed_password) for user in users] == [
        ("sample-owner", "!")
    ]
