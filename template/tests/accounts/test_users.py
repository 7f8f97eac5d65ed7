"""Administration of users."""

from uuid import uuid4

import httpx2

from app.accounts.models import User
from tests.fixtures.accounts import (
    ME,
    USERS,
    Actions,
    Deliver,
    LogIn,
    MakeUser,
    token_of,
    try_login,
)


async def test_administrators_search_users(
    admin_client: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    ada = await make_user(username="ada", email="ada@example.com", is_verified=True)
    await make_user(username="bob", email="bob@example.org", is_active=False)
    for query, names in (
        ({}, ["bob", "ada", "admin"]),
        ({"sort": "username"}, ["ada", "admin", "bob"]),
        ({"username__contains": "AD"}, ["ada", "admin"]),
        ({"email__contains": "example.org"}, ["bob"]),
        ({"role": "admin"}, ["admin"]),
        ({"is_active": "false"}, ["bob"]),
        ({"is_verified": "true"}, ["ada"]),
    ):
        page = await admin_client.get(USERS, params=query)
        found = [one["username"] for one in page.json()["items"]]
        assert (query, sorted(found)) == (query, sorted(names))
    one = await admin_client.get(f"{USERS}/{ada.id}")
    assert (one.status_code, one.json()["email"]) == (200, "ada@example.com")


async def test_a_role_is_given_and_recorded(
    admin_client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    headers = await log_in(user)
    changed = await admin_client.patch(f"{USERS}/{user.id}", json={"role": "admin"})
    assert (changed.status_code, changed.json()["role"]) == (200, "admin")
    assert (await admin_client.get(USERS, headers=headers)).status_code == 200
    assert (await actions())[-1] == "role_changed"


async def test_a_disabled_user_is_logged_out_until_enabled_again(
    admin_client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    headers, url = await log_in(user), f"{USERS}/{user.id}"
    assert (await admin_client.patch(url, json={"is_active": False})).status_code == 200
    assert (await admin_client.get(ME, headers=headers)).status_code == 401
    assert (await try_login(admin_client, user.username)).status_code == 401
    assert (await admin_client.patch(url, json={"is_active": True})).status_code == 200
    assert (await admin_client.get(ME, headers=headers)).status_code == 401
    assert (await try_login(admin_client, user.username)).status_code == 200
    recorded = await actions()
    assert "user_disabled" in recorded
    assert "user_enabled" in recorded


async def test_a_reset_by_an_administrator_is_mailed_to_the_user(
    admin_client: httpx2.AsyncClient, user: User, deliver: Deliver, actions: Actions
) -> None:
    asked = await admin_client.post(f"{USERS}/{user.id}/reset-password")
    assert (asked.status_code, asked.content) == (202, b"")
    assert (await actions())[-1] == "reset_started"
    [mail] = await deliver()
    assert mail["To"] == user.email
    body = {"token": token_of(mail), "new_password": "Seven-Chairs-In-A-Row"}
    reset = await admin_client.post("/api/v1/auth/reset-password", json=body)
    assert reset.status_code == 204


async def test_administrators_list_and_end_sessions_of_a_user(
    admin_client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    headers, url = await log_in(user), f"{USERS}/{user.id}/sessions"
    [listed] = (await admin_client.get(url)).json()
    assert listed["is_current"] is False
    assert (await admin_client.delete(url)).status_code == 204
    assert (await admin_client.get(ME, headers=headers)).status_code == 401
    assert (await admin_client.get(ME)).status_code == 200
    assert (await actions())[-1] == "sessions_ended"


async def test_an_unknown_user_is_not_found(admin_client: httpx2.AsyncClient) -> None:
    url = f"{USERS}/{uuid4()}"
    for method, path in (
        ("GET", url),
        ("PATCH", url),
        ("POST", f"{url}/reset-password"),
        ("GET", f"{url}/sessions"),
        ("DELETE", f"{url}/sessions"),
    ):
        body = {"role": "user"} if method == "PATCH" else None
        response = await admin_client.request(method, path, json=body)
        assert (method, path, response.status_code) == (method, path, 404)


async def test_36_administrators_change_role_and_activity_only(
    admin_client: httpx2.AsyncClient, user: User
) -> None:
    for field, value in (
        ("role", "emperor"),
        ("role", None),
        ("is_active", "no"),
        ("is_superuser", True),
        ("email", "eve@example.com"),
    ):
        url = f"{USERS}/{user.id}"
        response = await admin_client.patch(url, json={field: value})
        assert (field, response.status_code) == (field, 422)
        assert list(response.json()["field_errors"]) == [field]


async def test_37_admin_operations_are_refused_to_users_and_recorded(
    client: httpx2.AsyncClient, anonymous: httpx2.AsyncClient, actions: Actions
) -> None:
    for path in (USERS, "/api/v1/audit-events"):
        assert (await anonymous.get(path)).status_code == 401
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["error_code"]) == (403, "forbidden")
    assert (await actions())[-1] == "access_denied"


async def test_superusers_are_changed_by_superusers_only(
    admin_client: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    first, second = [await make_user(is_superuser=True) for _ in range(2)]
    url = f"{USERS}/{first.id}"
    assert (await admin_client.patch(url, json={"is_active": False})).status_code == 403
    headers = await log_in(second)
    allowed = await admin_client.patch(url, json={"is_active": False}, headers=headers)
    assert allowed.status_code == 200


async def test_39_the_last_administrator_stays(
    admin_client: httpx2.AsyncClient, admin: User, make_user: MakeUser
) -> None:
    url = f"{USERS}/{admin.id}"
    for refused in (
        await admin_client.patch(url, json={"role": "user"}),
        await admin_client.patch(url, json={"is_active": False}),
        await admin_client.delete(ME),
    ):
        assert (refused.status_code, refused.json()["error_code"]) == (409, "conflict")
    assert (await admin_client.get(USERS)).status_code == 200
    await make_user(role="admin", is_active=False)
    assert (await admin_client.delete(ME)).status_code == 409
    await make_user(role="admin")
    assert (await admin_client.delete(ME)).status_code == 204
