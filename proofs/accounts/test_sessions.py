"""Where a user is logged in: looking at it, and ending it."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest

from app.accounts.models import User
from app.db.base import now
from proofs.accounts.calls import ME
from proofs.fixtures.users import LogIn, MakeUser

AUTH = "/api/v1/auth"
SESSIONS = f"{AUTH}/sessions"


async def ids(
    client: httpx2.AsyncClient, headers: dict[str, str] | None = None
) -> list[str]:
    return [one["id"] for one in (await client.get(SESSIONS, headers=headers)).json()]


@pytest.mark.parametrize("operation", ["logout", "logout-all"])
async def test_logging_out_ends_the_session_at_once(
    client: httpx2.AsyncClient, operation: str
) -> None:
    response = await client.post(f"{AUTH}/{operation}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get(ME)).status_code == 401
    assert (await client.post(f"{AUTH}/{operation}")).status_code == 401


async def test_logging_out_ends_no_other_session(
    client: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    other = await log_in(user)
    await client.post(f"{AUTH}/logout")
    assert (await client.get(ME)).status_code == 401
    assert (await client.get(ME, headers=other)).status_code == 200


async def test_logging_out_everywhere_ends_all_sessions_of_the_user_alone(
    client: httpx2.AsyncClient, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    other, somebody_else = await log_in(user), await log_in(await make_user())
    await client.post(f"{AUTH}/logout-all")
    assert (await client.get(ME)).status_code == 401
    assert (await client.get(ME, headers=other)).status_code == 401
    assert (await client.get(ME, headers=somebody_else)).status_code == 200


async def test_users_see_where_they_are_logged_in(
    client: httpx2.AsyncClient, user: User, make_user: MakeUser, log_in: LogIn
) -> None:
    await log_in(user, user_agent="phone", address="192.0.2.7", created_at=now())
    await log_in(user, user_agent="over", expires_at=now() - timedelta(seconds=1))
    await log_in(await make_user(), user_agent="somebody else's")
    phone, tests = (await client.get(SESSIONS)).json()
    assert (phone["user_agent"], phone["address"]) == ("phone", "192.0.2.7")
    assert tests["user_agent"] == "tests"
    times = {"created_at", "last_used_at", "expires_at"}
    assert phone.keys() == {"id", "user_agent", "address", "is_current", *times}
    assert (phone["is_current"], tests["is_current"]) == (False, True)


async def test_a_session_that_its_user_ends_is_dead_at_once(
    client: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    (mine,) = await ids(client)
    other = await log_in(user)
    (ended,) = set(await ids(client)) - {mine}
    response = await client.delete(f"{SESSIONS}/{ended}")
    assert (response.status_code, response.content) == (204, b"")
    assert (await client.get(ME, headers=other)).status_code == 401
    assert await ids(client) == [mine]
    assert (await client.delete(f"{SESSIONS}/{ended}")).status_code == 404


async def test_ending_the_session_of_the_request_logs_out(
    client: httpx2.AsyncClient,
) -> None:
    (mine,) = await ids(client)
    assert (await client.delete(f"{SESSIONS}/{mine}")).status_code == 204
    assert (await client.get(ME)).status_code == 401


async def test_somebody_elses_session_does_not_exist(
    client: httpx2.AsyncClient,
    admin_client: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
) -> None:
    other = await log_in(await make_user())
    (theirs,) = await ids(client, other)
    for caller in (client, admin_client):
        hidden = await caller.delete(f"{SESSIONS}/{theirs}")
        unknown = await caller.delete(f"{SESSIONS}/{uuid4()}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.json()["detail"] == unknown.json()["detail"]
    assert (await client.get(ME, headers=other)).status_code == 200
