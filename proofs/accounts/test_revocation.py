"""What was taken from a user is gone with the next request."""

from datetime import timedelta

import httpx2
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuthSession, User
from app.accounts.scopes import Role
from app.db.base import now
from proofs.accounts.calls import ME, USERS, attempt, target
from proofs.accounts.permissions import PROTECTED
from proofs.fixtures.users import LogIn, MakeUser


async def test_a_user_whom_an_admin_disables_is_out_at_once(
    client: httpx2.AsyncClient, admin_client: httpx2.AsyncClient, user: User
) -> None:
    url = f"{USERS}/{user.id}"
    assert (await admin_client.patch(url, json={"is_active": False})).status_code == 200
    assert (await client.get(ME)).status_code == 401
    await admin_client.patch(url, json={"is_active": True})
    assert (await client.get(ME)).status_code == 401


async def test_a_user_who_is_disabled_in_the_database_is_out_at_once(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await session.execute(update(User).values(is_active=False))
    await session.commit()
    assert (await client.get(ME)).status_code == 401


async def test_a_deleted_user_is_out_at_once(client: httpx2.AsyncClient) -> None:
    assert (await client.delete(ME)).status_code == 204
    response = await client.get(ME)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"]


async def test_a_role_counts_as_it_is_now(
    client: httpx2.AsyncClient, admin_client: httpx2.AsyncClient, user: User
) -> None:
    for role, status in ((Role.ADMIN, 200), (Role.USER, 403)):
        await admin_client.patch(f"{USERS}/{user.id}", json={"role": role})
        assert (await client.get(USERS)).status_code == status


async def test_a_role_that_is_not_known_may_do_nothing(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    headers = await log_in(await make_user(role="former"))
    assert (await anonymous.get("/samples", headers=headers)).status_code == 403
    assert (await anonymous.get(ME, headers=headers)).status_code == 200


async def test_a_session_that_was_ended_or_is_over_counts_no_more(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, log_in: LogIn
) -> None:
    over = await log_in(user, expires_at=now() - timedelta(seconds=1))
    ended = await log_in(user)
    assert (await anonymous.get(ME, headers=ended)).status_code == 200
    await session.execute(delete(AuthSession).where(AuthSession.expires_at > now()))
    await session.commit()
    for headers in (over, ended):
        assert (await anonymous.get(ME, headers=headers)).status_code == 401


async def test_nobody_is_let_in_while_sessions_cannot_be_looked_up(
    unreachable: httpx2.AsyncClient,
) -> None:
    for operation in PROTECTED:
        method, path = target(operation)
        response = await unreachable.request(method, path)
        assert (operation, response.status_code) == (operation, 503)
        assert response.headers["Retry-After"]


async def test_nobody_logs_in_while_sessions_cannot_be_looked_up(
    unreachable: httpx2.AsyncClient, user: User
) -> None:
    assert (await attempt(unreachable, user.username)).status_code == 503
