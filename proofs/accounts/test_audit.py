"""The audit log: who did what, when and from where."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.crud import UnitOfWork
from app.accounts.models import AuditAction, AuditEvent, User
from app.accounts.scopes import Role
from app.core.http.client import ClientInfo
from app.db.base import now
from proofs.accounts.calls import (
    ME,
    REGISTER,
    USERS,
    attempt,
    change_password,
    registration,
    secrets_of,
)
from proofs.fixtures.accounts import Serve
from proofs.fixtures.app import client_key
from proofs.fixtures.log import ReadLog
from proofs.fixtures.users import PASSWORD, LogIn, MakeUser

ADDRESS, AGENT = "198.51.100.1", "Tests/1.0"
BEFORE_LOGIN = {AuditAction.LOGGED_IN, AuditAction.LOGIN_FAILED}
Client = httpx2.AsyncClient
Watch = Callable[[], Client]
StoredResponse = Awaitable[httpx2.Response]


@pytest.fixture
async def actor(make_user: MakeUser) -> User:
    """Give the user whose client is watched: an administrator."""
    return await make_user(role=Role.ADMIN)


@pytest.fixture
async def watch(serve: Serve, actor: User, log_in: LogIn) -> Watch:
    """Give a function that makes the client; in the test, since fixtures have another output."""
    headers = await log_in(actor) | {"User-Agent": AGENT}
    return lambda: client_key(serve(), client=(ADDRESS, 50000), headers=headers)


async def end_a_session(client: Client, _actor: User) -> httpx2.Response:
    sessions = (await client.get("/api/v1/auth/sessions")).json()
    return await client.delete(f"/api/v1/auth/sessions/{sessions[0]['id']}")


CHANGES: dict[AuditAction, dict[str, object]] = {
    AuditAction.ROLE_CHANGED: {"role": "admin"},
    AuditAction.USER_DISABLED: {"is_active": False},
    AuditAction.USER_ENABLED: {"is_active": True},
}
ACTS: dict[AuditAction, tuple[int, Callable[[Client, User], StoredResponse]]] = {
    AuditAction.LOGGED_IN: (200, lambda client, actor: attempt(client, actor.username)),
    AuditAction.LOGIN_FAILED: (
        401,
        lambda client, actor: attempt(client, actor.email, "wrong"),
    ),
    AuditAction.LOGGED_OUT: (204, lambda client, _: client.post("/api/v1/auth/logout")),
    AuditAction.LOGGED_OUT_EVERYWHERE: (
        204,
        lambda client, _: client.post("/api/v1/auth/logout-all"),
    ),
    AuditAction.SESSION_ENDED: (204, end_a_session),
    AuditAction.PASSWORD_CHANGED: (
        204,
        lambda client, _: change_password(client, PASSWORD),
    ),
    AuditAction.PASSWORD_CHANGE_FAILED: (
        403,
        lambda client, _: change_password(client, "wrong"),
    ),
    AuditAction.PROFILE_CHANGED: (
        200,
        lambda client, _: client.patch(ME, json={"full_name": "Ada"}),
    ),
}


async def recorded(session: AsyncSession) -> list[AuditEvent]:
    statement = select(AuditEvent).order_by(AuditEvent.created_at, AuditEvent.id)
    return list((await session.scalars(statement)).all())


async def assert_recorded(
    session: AsyncSession,
    log: ReadLog,
    response: httpx2.Response,
    what: AuditAction,
    who: UUID | None,
) -> AuditEvent:
    """Compare the last event with the answer, and with what was logged about it."""
    event = (await recorded(session))[-1]
    assert (event.action, event.user_id) == (what.value, who)
    assert (event.address, event.user_agent) == (ADDRESS, AGENT)
    assert event.request_id == response.headers["X-Request-ID"]
    assert now() - timedelta(minutes=1) < event.created_at <= now()
    line = [entry for entry in log() if entry["event"] == "audit"][-1]
    assert (line["action"], line["user_id"]) == (what.value, str(who) if who else None)
    assert (line["client"], line["request_id"]) == (ADDRESS, event.request_id)
    assert line["actor_id"] == (str(event.actor_id) if event.actor_id else None)
    return event


@pytest.mark.parametrize("what", ACTS)
async def test_what_users_do_about_their_accounts_is_recorded(
    watch: Watch, actor: User, session: AsyncSession, log: ReadLog, what: AuditAction
) -> None:
    client = watch()
    status, act = ACTS[what]
    response = await act(client, actor)
    assert response.status_code == status
    event = await assert_recorded(session, log, response, what, actor.id)
    assert event.actor_id == (None if what in BEFORE_LOGIN else actor.id)


async def test_a_registration_is_recorded(
    watch: Watch, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    response = await client.post(REGISTER, json=registration())
    user = (await session.scalars(select(User).where(User.role == Role.USER))).one()
    await assert_recorded(session, log, response, AuditAction.REGISTERED, user.id)


async def test_a_failed_login_to_an_unknown_account_is_recorded(
    watch: Watch, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    response = await attempt(client, "nobody")
    await assert_recorded(session, log, response, AuditAction.LOGIN_FAILED, None)


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_of_a_user_is_recorded_with_who_made_it(
    watch: Watch,
    actor: User,
    make_user: MakeUser,
    session: AsyncSession,
    log: ReadLog,
    what: AuditAction,
) -> None:
    client = watch()
    user = await make_user(is_active=what != AuditAction.USER_ENABLED)
    response = await client.patch(f"{USERS}/{user.id}", json=CHANGES[what])
    event = await assert_recorded(session, log, response, what, user.id)
    assert event.actor_id == actor.id


async def test_a_change_that_changes_nothing_is_no_event(
    watch: Watch, user: User, session: AsyncSession
) -> None:
    client = watch()
    for body in ({}, {"role": "user"}, {"is_active": True}):
        assert (await client.patch(f"{USERS}/{user.id}", json=body)).status_code == 200
    assert await recorded(session) == []


async def test_who_is_refused_something_is_recorded(
    watch: Watch, actor: User, make_user: MakeUser, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    superuser = await make_user(is_superuser=True)
    response = await client.patch(f"{USERS}/{superuser.id}", json={"role": "admin"})
    assert response.status_code == 403
    await assert_recorded(session, log, response, AuditAction.ACCESS_DENIED, actor.id)


async def test_events_of_a_deleted_account_stay(
    watch: Watch, actor: User, make_user: MakeUser, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    await make_user(role=Role.ADMIN)
    await client.patch(ME, json={"full_name": "Ada"})
    response = await client.delete(ME)
    assert response.status_code == 204
    assert [event.action for event in await recorded(session)] == [
        AuditAction.PROFILE_CHANGED,
        AuditAction.ACCOUNT_DELETED,
    ]
    await assert_recorded(session, log, response, AuditAction.ACCOUNT_DELETED, actor.id)


def test_every_event_is_looked_for_by_some_test() -> None:
    tests = "".join(
        path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py")
    )
    assert [
        action for action in AuditAction if f"AuditAction.{action.name}" not in tests
    ] == []


async def test_what_did_not_happen_is_not_recorded(
    watch: Watch, user: User, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    taken = await client.patch(ME, json={"username": user.username})
    again = await client.post(REGISTER, json=registration(email=user.email))
    unknown = await client.delete(f"/api/v1/auth/sessions/{user.id}")
    assert [taken.status_code, again.status_code, unknown.status_code] == [
        409,
        409,
        404,
    ]
    assert await recorded(session) == []
    assert [entry for entry in log() if entry["event"] == "audit"] == []


async def test_what_is_rolled_back_is_not_logged(
    watch: Watch,
    sessions: async_sessionmaker[AsyncSession],
    session: AsyncSession,
    log: ReadLog,
) -> None:
    watch()
    async with sessions() as given_up:
        await UnitOfWork(given_up).audit_events.record(
            AuditAction.LOGGED_IN, None, ClientInfo()
        )
        await given_up.rollback()
    assert log() == []
    assert await recorded(session) == []


async def test_no_secret_is_recorded(
    watch: Watch, actor: User, session: AsyncSession, log: ReadLog
) -> None:
    client = watch()
    await attempt(client, actor.username, "canary-wrong-password")
    await attempt(client, "canary-a-password-in-the-wrong-field")
    await change_password(client, "canary-wrong-password", "canary-in-a-coal-mine")
    login = await attempt(client, actor.username)
    await client.post(REGISTER, json=registration(password="canary-in-a-coal-mine"))
    events = await recorded(session)
    written = str([vars(event) for event in events]) + str(log())
    assert len(events) == 5
    for secret in ("canary", PASSWORD, *secrets_of(login), "argon2"):
        assert secret not in written
