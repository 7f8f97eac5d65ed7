"""Users' own accounts."""

from datetime import UTC, datetime, timedelta

import httpx2

from app.accounts.models import User
from tests.fixtures.accounts import (
    ME,
    Actions,
    ChangeRows,
    LogIn,
    MakeUser,
    ReadRows,
    registration,
    try_login,
)


async def test_users_read_their_own_account_without_secrets(
    client: httpx2.AsyncClient, user: User
) -> None:
    response = await client.get(ME)
    assert response.status_code == 200
    assert response.json()["id"] == str(user.id)
    assert response.json()["email"] == user.email
    assert "password" not in response.text
    assert "argon2" not in response.text


async def test_users_change_what_they_send_and_nothing_else(
    client: httpx2.AsyncClient, user: User, actions: Actions
) -> None:
    response = await client.patch(ME, json={"full_name": "Ada Lovelace"})
    assert response.status_code == 200
    assert response.json()["full_name"] == "Ada Lovelace"
    assert response.json()["username"] == user.username
    renamed = await client.patch(ME, json={"username": "countess"})
    assert renamed.json()["username"] == "countess"
    assert (await client.get(ME)).json() == renamed.json()
    assert (await try_login(client, "countess")).status_code == 200
    assert (await actions()).count("profile_changed") == 2


async def test_the_name_of_another_user_is_taken(
    client: httpx2.AsyncClient, make_user: MakeUser
) -> None:
    other = await make_user()
    response = await client.patch(ME, json={"username": other.username.upper()})
    assert response.status_code == 409
    assert list(response.json()["field_errors"]) == ["username"]


async def test_a_deleted_account_is_gone_with_its_sessions(
    client: httpx2.AsyncClient, user: User, read_rows: ReadRows, actions: Actions
) -> None:
    assert (await client.delete(ME)).status_code == 204
    assert (await client.get(ME)).status_code == 401
    assert (await try_login(client, user.username)).status_code == 401
    assert await read_rows("users") == []
    assert await read_rows("auth_sessions") == []
    assert "account_deleted" in await actions()
    body = registration(email=user.email, username=user.username)
    again = await client.post("/api/v1/auth/register", json=body)
    assert again.status_code == 201


async def test_deleting_needs_a_recent_login(
    client: httpx2.AsyncClient, change_rows: ChangeRows
) -> None:
    await change_rows(
        "auth_sessions", created_at=datetime.now(UTC) - timedelta(hours=1)
    )
    response = await client.delete(ME)
    assert (response.status_code, response.json()["error_code"]) == (
        403,
        "recent_login_required",
    )
    assert (await client.get(ME)).status_code == 200


async def test_a_narrow_session_changes_no_account(
    anonymous: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    headers = await log_in(user, scope="data:read")
    assert (await anonymous.get(ME, headers=headers)).status_code == 200
    for response in (
        await anonymous.patch(ME, headers=headers, json={"full_name": "Eve"}),
        await anonymous.delete(ME, headers=headers),
    ):
        assert response.status_code == 403


async def test_36_users_cannot_change_other_fields_of_theirs(
    client: httpx2.AsyncClient,
) -> None:
    before = (await client.get(ME)).json()
    for field in ("role", "is_superuser", "is_verified", "id", "email"):
        response = await client.patch(ME, json={"full_name": "Eve", field: "admin"})
        assert response.status_code == 422
        assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert (await client.get(ME)).json() == before
