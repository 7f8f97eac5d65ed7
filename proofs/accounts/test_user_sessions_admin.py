"""Administrating where a user is logged in, and starting a reset of the password."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import (
    AuditAction,
    AuditEvent,
    AuthSession,
    MailPurpose,
    MailToken,
    User,
)
from app.accounts.scopes import Role
from app.core.mail.outbox import OutboxMail
from app.db.base import now
from proofs.accounts.calls import ME, RESET_PASSWORD, USERS, attempt
from proofs.accounts.links import NEW_PASSWORD, mint
from proofs.fixtures.app import client_key
from proofs.fixtures.mail import Deliver, token_of
from proofs.fixtures.users import LogIn, MakeUser

StoredResponse = Awaitable[httpx2.Response]
Operation = Callable[[httpx2.AsyncClient, object], StoredResponse]

OPERATIONS: dict[str, Operation] = {
    "list": lambda client, user_id: client.get(f"{USERS}/{user_id}/sessions"),
    "end": lambda client, user_id: client.delete(f"{USERS}/{user_id}/sessions"),
    "reset": lambda client, user_id: client.post(f"{USERS}/{user_id}/reset-password"),
}


async def mails(session: AsyncSession) -> list[tuple[str, str]]:
    statement = select(OutboxMail.purpose, OutboxMail.recipient)
    return [
        (purpose, recipient) for purpose, recipient in await session.execute(statement)
    ]


async def recorded(session: AsyncSession) -> list[tuple[str, str, str]]:
    events = (await session.scalars(select(AuditEvent))).all()
    return [(one.action, str(one.user_id), str(one.actor_id)) for one in events]


async def test_an_administrator_sees_where_a_user_is_logged_in(
    admin_client: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    await log_in(user, user_agent="phone", created_at=now() - timedelta(days=1))
    await log_in(user, user_agent="laptop", address="192.0.2.7")
    await log_in(user, user_agent="over", expires_at=now() - timedelta(seconds=1))
    laptop, phone = (await admin_client.get(f"{USERS}/{user.id}/sessions")).json()
    assert (laptop["user_agent"], laptop["address"]) == ("laptop", "192.0.2.7")
    assert phone["user_agent"] == "phone"
    times = {"created_at", "last_used_at", "expires_at"}
    assert phone.keys() == {"id", "user_agent", "address", "is_current", *times}


async def test_only_the_session_of_the_request_is_the_current_one(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, user: User
) -> None:
    admin = await make_user(role=Role.ADMIN)
    headers, _, _ = (
        await log_in(admin, user_agent="this"),
        await log_in(admin),
        await log_in(user),
    )
    async with client_key(app, headers=headers) as client:
        own = (await client.get(f"{USERS}/{admin.id}/sessions")).json()
        others = (await client.get(f"{USERS}/{user.id}/sessions")).json()
    assert {one["user_agent"]: one["is_current"] for one in own} == {
        "this": True,
        "tests": False,
    }
    assert [one["is_current"] for one in others] == [False]


async def test_an_administrator_ends_all_sessions_of_a_user_alone(
    admin_client: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
    session: AsyncSession,
) -> None:
    other, actor = await log_in(user), (await admin_client.get(ME)).json()["id"]
    response = await admin_client.delete(f"{USERS}/{user.id}/sessions")
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get(ME)).status_code == 401
    assert (await anonymous.get(ME, headers=other)).status_code == 401
    assert (await admin_client.get(ME)).status_code == 200
    assert await recorded(session) == [
        (AuditAction.SESSIONS_ENDED, str(user.id), actor)
    ]
    assert (await attempt(anonymous, user.username)).status_code == 200


async def test_an_administrator_starts_a_reset_and_learns_no_token(
    admin_client: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
) -> None:
    actor = (await admin_client.get(ME)).json()["id"]
    response = await admin_client.post(f"{USERS}/{user.id}/reset-password")
    assert (response.status_code, response.content) == (202, b"")
    assert await mails(session) == [(MailPurpose.RESET_PASSWORD, user.email)]
    assert await recorded(session) == [(AuditAction.RESET_STARTED, str(user.id), actor)]
    assert (await client.get(ME)).status_code == 200
    assert (await attempt(client, user.username)).status_code == 200


async def test_the_link_that_an_administrator_has_mailed_sets_a_password(
    admin_client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
) -> None:
    await admin_client.post(f"{USERS}/{user.id}/reset-password")
    [mail] = await deliver()
    body = {"token": token_of(mail), "new_password": NEW_PASSWORD}
    assert (await anonymous.post(RESET_PASSWORD, json=body)).status_code == 204
    assert (await attempt(anonymous, user.username, NEW_PASSWORD)).status_code == 200


async def test_no_reset_is_started_for_a_disabled_user(
    admin_client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    user = await make_user(is_active=False)
    response = await admin_client.post(f"{USERS}/{user.id}/reset-password")
    assert (response.status_code, response.json()["error_code"]) == (409, "conflict")
    assert (await mails(session), await recorded(session)) == ([], [])


async def test_links_that_were_mailed_are_dead_once_a_user_is_disabled(
    admin_client: httpx2.AsyncClient, make_user: MakeUser, session: AsyncSession
) -> None:
    one, other = await make_user(), await make_user()
    for user in (one, other):
        await mint(session, user, MailPurpose.RESET_PASSWORD)
    await admin_client.patch(f"{USERS}/{one.id}", json={"is_active": False})
    assert (await session.scalars(select(MailToken.user_id))).all() == [other.id]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_there_must_be_such_a_user(
    admin_client: httpx2.AsyncClient, operation: str
) -> None:
    for user_id, status in ((uuid4(), 404), ("none", 422)):
        assert (
            await OPERATIONS[operation](admin_client, user_id)
        ).status_code == status


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("caller", "scope", "victim"),
    [
        ({"role": Role.ADMIN}, None, {"is_superuser": True}),
        ({"role": Role.ADMIN}, "users:admin", {"role": Role.ADMIN}),
        ({"role": Role.ADMIN}, "users:admin", {"role": Role.USER}),
        ({"is_superuser": True}, "users:admin audit:read", {"role": Role.ADMIN}),
        (
            {"is_superuser": True},
            "users:admin data:read data:write",
            {"is_superuser": True},
        ),
    ],
)
async def test_nobody_reaches_those_who_may_do_more(
    app: FastAPI,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    operation: str,
    caller: dict[str, object],
    scope: str | None,
    victim: dict[str, object],
) -> None:
    headers, user = (
        await log_in(await make_user(**caller), scope=scope),
        await make_user(**victim),
    )
    await log_in(user)
    async with client_key(app, headers=headers) as client:
        response = await OPERATIONS[operation](client, user.id)
    assert (response.status_code, response.json()["error_code"]) == (403, "forbidden")
    statement = select(AuthSession).where(AuthSession.user_id == user.id)
    assert len((await session.scalars(statement)).all()) == 1
    assert await mails(session) == []


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_whoever_may_do_as_much_is_reached(
    app: FastAPI, make_user: MakeUser, log_in: LogIn, operation: str
) -> None:
    superuser, admin = (
        await make_user(is_superuser=True),
        await make_user(role=Role.ADMIN),
    )
    for caller, user in ((superuser, admin), (superuser, superuser), (admin, admin)):
        async with client_key(app, headers=await log_in(caller)) as client:
            assert (await OPERATIONS[operation](client, user.id)).status_code < 300
