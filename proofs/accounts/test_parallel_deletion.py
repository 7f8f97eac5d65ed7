"""Deleting an account at the same moment."""

import asyncio

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditAction, AuditEvent, User
from app.accounts.scopes import Role
from proofs.accounts.calls import ME
from proofs.fixtures.users import LogIn, MakeUser


@pytest.mark.committed
@pytest.mark.parametrize("role", list(Role))
async def test_an_account_is_deleted_once(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    role: Role,
) -> None:
    other, user = await make_user(role=Role.ADMIN), await make_user(role=role)
    sessions = [await log_in(user) for _ in range(2)]
    calls = (anonymous.delete(ME, headers=headers) for headers in sessions * 3)
    first, *others = sorted(
        [response.status_code for response in await asyncio.gather(*calls)]
    )
    # Whoever came later has found the session, but no user; or no session.
    assert first == 204
    assert set(others) <= {401, 404}
    assert (await session.scalars(select(User.id))).all() == [other.id]
    assert (await session.scalars(select(AuditEvent.action))).all() == [
        AuditAction.ACCOUNT_DELETED
    ]
