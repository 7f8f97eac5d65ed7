"""Changing passwords, and setting forgotten ones."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from app.accounts.models import User
from tests.fixtures.accounts import (
    ME,
    NEW_PASSWORD,
    PASSWORD,
    WRONG,
    Actions,
    ChangeRows,
    Clock,
    Configure,
    Deliver,
    LogIn,
    MakeUser,
    ReadRows,
    text_of,
    token_of,
    try_login,
)

CHANGE = "/api/v1/users/me/password"
FORGOT = "/api/v1/auth/forgot-password"
RESET = "/api/v1/auth/reset-password"


async def change(
    client: httpx2.AsyncClient, current: str = PASSWORD, new: str = NEW_PASSWORD
) -> httpx2.Response:
    body = {"current_password": current, "new_password": new}
    return await client.post(CHANGE, json=body)


async def forget(client: httpx2.AsyncClient, user: User, deliver: Deliver) -> str:
    """Ask for a link, and return the token that is mailed."""
    asked = await client.post(FORGOT, json={"email": user.email})
    assert (asked.status_code, asked.content) == (202, b"")
    [mail] = await deliver()
    assert mail["To"] == user.email
    return token_of(mail)


async def reset(
    client: httpx2.AsyncClient, token: str, new: str = NEW_PASSWORD
) -> httpx2.Response:
    return await client.post(RESET, json={"token": token, "new_password": new})


async def test_15_a_change_needs_the_present_password_and_ends_other_sessions(
    client: httpx2.AsyncClient, user: User, log_in: LogIn, actions: Actions
) -> None:
    other = await log_in(user)
    refused = await change(client, current=WRONG)
    assert (refused.status_code, refused.json()["error_code"]) == (
        403,
        "wrong_password",
    )
    assert (await client.get(ME, headers=other)).status_code == 200
    assert (await change(client)).status_code == 204
    assert (await client.get(ME)).status_code == 200
    assert (await client.get(ME, headers=other)).status_code == 401
    assert (await try_login(client, user.username, PASSWORD)).status_code == 401
    assert (await try_login(client, user.username, NEW_PASSWORD)).status_code == 200
    assert (await actions())[2:4] == ["password_change_failed", "password_changed"]


async def test_a_changed_password_is_mailed_to_a_verified_address(
    client: httpx2.AsyncClient, user: User, deliver: Deliver, change_rows: ChangeRows
) -> None:
    await change_rows("users", user.id, is_verified=True)
    await change(client)
    [mail] = await deliver()
    assert mail["To"] == user.email
    assert NEW_PASSWORD not in text_of(mail)


@pytest.mark.parametrize("new", ["Short-pass1", "password1234", "{user.email}"])
async def test_a_new_password_must_be_hard_to_guess(
    client: httpx2.AsyncClient, user: User, new: str
) -> None:
    response = await change(client, new=new.format(user=user))
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["new_password"]


async def test_15_a_reset_ends_all_sessions_and_begins_none(
    client: httpx2.AsyncClient, user: User, deliver: Deliver, read_rows: ReadRows
) -> None:
    token = await forget(client, user, deliver)
    assert (await client.get(ME)).status_code == 200
    response = await reset(client, token)
    assert (response.status_code, response.content) == (204, b"")
    assert "Set-Cookie" not in response.headers
    assert await read_rows("auth_sessions") == []
    assert (await client.get(ME)).status_code == 401
    assert (await try_login(client, user.username, PASSWORD)).status_code == 401
    assert (await try_login(client, user.username, NEW_PASSWORD)).status_code == 200


async def test_a_reset_verifies_the_address_and_is_recorded(
    anonymous: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
    read_rows: ReadRows,
    actions: Actions,
) -> None:
    await reset(anonymous, await forget(anonymous, user, deliver))
    [row] = await read_rows("users")
    assert row["is_verified"]
    assert await actions() == ["password_reset"]
    [notice] = await deliver()
    assert notice["To"] == user.email


async def test_24_a_reset_clears_the_throttling_of_the_account(
    anonymous: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
    configure: Configure,
    clock: Clock,  # noqa: ARG001
) -> None:
    configure("throttle", failures=1)
    token = await forget(anonymous, user, deliver)
    assert (await try_login(anonymous, user.username, WRONG)).status_code == 401
    assert (await try_login(anonymous, user.username)).status_code == 429
    assert (await reset(anonymous, token)).status_code == 204
    login = await try_login(anonymous, user.username, NEW_PASSWORD)
    assert login.status_code == 200


async def test_26_forgot_password_answers_alike_for_unknown_addresses(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    read_rows: ReadRows,
    deliver: Deliver,
) -> None:
    known, inactive = await make_user(), await make_user(is_active=False)
    for number, email in enumerate((known.email, inactive.email, "no@example.com"), 1):
        response = await anonymous.post(FORGOT, json={"email": email})
        assert (response.status_code, response.content) == (202, b"")
        # Equal work: a row is queued for all.
        assert len(await read_rows("outbox_mails")) == number
    assert [mail["To"] for mail in await deliver()] == [known.email]


async def test_27_a_token_is_good_once_and_only_the_newest_is(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    older = await forget(anonymous, user, deliver)
    newer = await forget(anonymous, user, deliver)
    assert (await reset(anonymous, older)).json()["error_code"] == "invalid_link"
    assert (await reset(anonymous, newer)).status_code == 204
    again = await reset(anonymous, newer, PASSWORD)
    assert (again.status_code, again.json()["error_code"]) == (400, "invalid_link")


async def test_27_a_token_expires(
    anonymous: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
    change_rows: ChangeRows,
    read_rows: ReadRows,
) -> None:
    token, now = await forget(anonymous, user, deliver), datetime.now(UTC)
    [row] = await read_rows("mail_tokens")
    assert now < row["expires_at"] <= now + timedelta(hours=1)
    await change_rows("mail_tokens", expires_at=now - timedelta(seconds=1))
    assert (await reset(anonymous, token)).status_code == 400


async def test_27_a_token_ends_with_a_password_change(
    client: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    token = await forget(client, user, deliver)
    assert (await change(client)).status_code == 204
    assert (await reset(client, token)).status_code == 400


async def test_27_a_token_is_bound_to_its_purpose_and_address(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver, change_rows: ChangeRows
) -> None:
    token = await forget(anonymous, user, deliver)
    for other in ("verify-email", "confirm-email"):
        response = await anonymous.post(f"/api/v1/auth/{other}", json={"token": token})
        assert response.status_code == 400
    moved = {"email": "moved@example.com", "email_key": "moved@example.com"}
    await change_rows("users", **moved)
    assert (await reset(anonymous, token)).status_code == 400


@pytest.mark.committed
async def test_27_of_parallel_uses_of_a_token_one_counts(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    token = await forget(anonymous, user, deliver)
    calls = [reset(anonymous, token, f"{NEW_PASSWORD}-{n}") for n in range(4)]
    statuses = [response.status_code for response in await asyncio.gather(*calls)]
    assert sorted(statuses) == [204, 400, 400, 400]


async def test_27_the_host_of_a_link_comes_from_the_settings(
    anonymous: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    headers = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}
    await anonymous.post(FORGOT, json={"email": user.email}, headers=headers)
    [mail] = await deliver(frontend_url="https://app.example.com")
    assert "https://app.example.com/" in text_of(mail)
    assert "evil" not in mail.as_string()


async def test_trying_tokens_is_throttled(
    anonymous: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
    configure: Configure,
    clock: Clock,
) -> None:
    token = await forget(anonymous, user, deliver)
    configure("throttle", failures_per_client=1)
    assert (await reset(anonymous, "a-guess")).status_code == 400
    assert (await reset(anonymous, token)).status_code == 429
    clock.forward(1)
    assert (await reset(anonymous, token)).status_code == 204
