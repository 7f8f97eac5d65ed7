"""Who is refused something: it is recorded, and once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.errors import ForbiddenError
from app.accounts.models import AuditAction, AuditEvent, User
from app.db.base import now
from app.db.session import SessionDep
from proofs.accounts.calls import USERS, change_password

Events = list[tuple[str, UUID | None, UUID | None]]


async def recorded(session: AsyncSession) -> Events:
    statement = select(AuditEvent.action, AuditEvent.user_id, AuditEvent.actor_id)
    return [
        (action, user_id, actor_id)
        for action, user_id, actor_id in await session.execute(statement)
    ]


async def test_a_refusal_without_a_caller_is_recorded_with_nobody(
    anonymous: httpx2.AsyncClient, add_route: Callable[..., None], session: AsyncSession
) -> None:
    async def refuse() -> None:
        raise ForbiddenError("Not from there.")

    add_route("/refuse", refuse)
    response = await anonymous.get("/refuse")
    assert (response.status_code, response.json()["detail"]) == (403, "Not from there.")
    assert await recorded(session) == [(AuditAction.ACCESS_DENIED, None, None)]


@pytest.mark.committed
async def test_a_refusal_of_a_caller_is_recorded_once(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    response = await client.patch(f"{USERS}/{user.id}", json={"role": "admin"})
    assert (response.status_code, response.json()["error_code"]) == (403, "forbidden")
    assert await recorded(session) == [(AuditAction.ACCESS_DENIED, user.id, user.id)]


@pytest.mark.committed
async def test_a_clock_that_is_set_back_keeps_no_refusal_from_being_recorded(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    url = f"{USERS}/{user.id}"
    assert (await client.patch(url, json={"role": "admin"})).status_code == 403
    ahead = now() + timedelta(hours=1)
    await session.execute(update(AuditEvent).values(created_at=ahead))
    await session.commit()
    for _ in range(2):
        assert (await client.patch(url, json={"role": "admin"})).status_code == 403
    assert len(await recorded(session)) == 2


@pytest.mark.committed
async def test_a_refusal_is_recorded_though_the_request_is_rolled_back(
    anonymous: httpx2.AsyncClient, add_route: Callable[..., None], session: AsyncSession
) -> None:
    async def write_and_refuse(own: SessionDep) -> None:
        own.add(
            AuditEvent(action="rolled_back", address="", user_agent="", request_id="")
        )
        await own.flush()
        raise ForbiddenError("Not so.")

    add_route("/refuse", write_and_refuse, methods=["POST"])
    assert (await anonymous.post("/refuse")).status_code == 403
    assert await recorded(session) == [(AuditAction.ACCESS_DENIED, None, None)]


async def test_a_wrong_password_is_no_denial(
    client: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    response = await change_password(client, "a-wrong-password")
    assert (response.status_code, response.json()["error_code"]) == (
        403,
        "wrong_password",
    )
    assert await recorded(session) == [
        (AuditAction.PASSWORD_CHANGE_FAILED, user.id, user.id)
    ]
