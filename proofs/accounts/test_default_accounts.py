"""A database comes without an account that somebody else could know."""

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from proofs.accounts.calls import attempt
from proofs.fixtures.users import MakeUser


async def test_a_new_database_has_no_account(session: AsyncSession) -> None:
    assert (await session.scalars(select(User.username))).all() == []


@pytest.mark.parametrize("password", ["!", "password", "sample-owner", " "])
async def test_no_password_opens_an_account_without_one(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, password: str
) -> None:
    await make_user(username="sample-owner", hashed_password="!")
    assert (await attempt(anonymous, "sample-owner", password)).status_code == 401
