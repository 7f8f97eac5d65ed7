"""The audit log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from app.accounts.models import User
from tests.fixtures.accounts import ME, WRONG, ReadRows, try_login

EVENTS = "/api/v1/audit-events"


async def read(client: httpx2.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    response = await client.get(EVENTS, params=query)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_an_event_says_what_happened_to_which_user_by_which_user_and_where(
    admin_client: httpx2.AsyncClient, admin: User, user: User
) -> None:
    url = f"/api/v1/users/{user.id}"
    changed = await admin_client.patch(url, json={"role": "admin"})
    [event, *_] = await read(admin_client)
    assert event["action"] == "role_changed"
    assert (event["user_id"], event["actor_id"]) == (str(user.id), str(admin.id))
    assert event["address"] == "127.0.0.1"
    assert event["user_agent"].startswith("python-httpx")
    assert event["request_id"] == changed.headers["X-Request-ID"]


async def test_events_are_filtered_and_counted_on_demand(
    admin_client: httpx2.AsyncClient,
    anonymous: httpx2.AsyncClient,
    admin: User,
    user: User,
) -> None:
    await try_login(anonymous, user.username)
    await try_login(anonymous, user.username, WRONG)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for query, number in (
        ({}, 3),
        ({"user_id": user.id}, 2),
        ({"action": "login_failed"}, 1),
        ({"actor_id": admin.id}, 0),
        ({"created_at__gte": tomorrow}, 0),
        ({"created_at__lt": tomorrow, "user_id": admin.id}, 1),
    ):
        assert (query, len(await read(admin_client, **query))) == (query, number)
    page = {"limit": 1}
    plain = (await admin_client.get(EVENTS, params=page)).json()
    counted = await admin_client.get(EVENTS, params=page | {"total": True})
    assert (plain["total"], counted.json()["total"]) == (None, 3)


async def test_a_failed_login_is_kept_though_the_request_is_refused(
    anonymous: httpx2.AsyncClient, user: User, read_rows: ReadRows
) -> None:
    assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
    assert (await try_login(anonymous, "nobody", WRONG)).status_code == 401
    events = await read_rows("audit_events")
    assert {event["action"] for event in events} == {"login_failed"}
    assert {event["user_id"] for event in events} == {user.id, None}
    assert not any(WRONG in str(event) for event in events)


async def test_events_of_a_deleted_user_stay(
    client: httpx2.AsyncClient, user: User, read_rows: ReadRows
) -> None:
    assert (await client.delete(ME)).status_code == 204
    events = await read_rows("audit_events")
    assert {event["user_id"] for event in events} == {user.id}
