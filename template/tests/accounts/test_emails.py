"""Verifying addresses and changing them, and the mail that is sent."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.fixtures.accounts import (
    ME,
    PASSWORD,
    REGISTER,
    WRONG,
    Actions,
    ChangeRows,
    Clock,
    Configure,
    Deliver,
    LogIn,
    MakeUser,
    ReadRows,
    registration,
    text_of,
    token_of,
    try_login,
)

CHANGE = "/api/v1/users/me/email"
CONFIRM = "/api/v1/auth/confirm-email"
FORGOT = "/api/v1/auth/forgot-password"
RESEND = "/api/v1/auth/resend-verification"
VERIFY = "/api/v1/auth/verify-email"
NEW_ADDRESS = "moved@example.com"


async def change(
    client: httpx2.AsyncClient, email: str = NEW_ADDRESS, password: str = PASSWORD
) -> httpx2.Response:
    body = {"email": email, "current_password": password}
    return await client.post(CHANGE, json=body)


async def confirm(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post(CONFIRM, json={"token": token})


async def test_the_link_of_the_first_mail_verifies_the_address_once(
    anonymous: httpx2.AsyncClient,
    deliver: Deliver,
    read_rows: ReadRows,
    actions: Actions,
) -> None:
    await anonymous.post(REGISTER, json=registration())
    [mail] = await deliver()
    body = {"token": token_of(mail)}
    verified = await anonymous.post(VERIFY, json=body)
    assert (verified.status_code, verified.content) == (204, b"")
    [row] = await read_rows("users")
    assert row["is_verified"]
    again = await anonymous.post(VERIFY, json=body)
    assert (again.status_code, again.json()["error_code"]) == (400, "invalid_link")
    assert await actions() == ["registered", "email_verified"]


async def test_27_a_link_can_be_sent_again_and_replaces_the_first(
    anonymous: httpx2.AsyncClient, deliver: Deliver
) -> None:
    body = registration()
    await anonymous.post(REGISTER, json=body)
    [first] = await deliver()
    asked = await anonymous.post(RESEND, json={"email": body["email"]})
    assert (asked.status_code, asked.content) == (202, b"")
    [second] = await deliver()
    tokens = [{"token": token_of(mail)} for mail in (first, second)]
    assert (await anonymous.post(VERIFY, json=tokens[0])).status_code == 400
    assert (await anonymous.post(VERIFY, json=tokens[1])).status_code == 204


async def test_26_resending_answers_alike_for_unknown_and_verified_addresses(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, deliver: Deliver
) -> None:
    verified = await make_user(is_verified=True)
    for email in (verified.email, "nobody@example.com"):
        response = await anonymous.post(RESEND, json={"email": email})
        assert (response.status_code, response.content) == (202, b"")
    assert await deliver() == []


async def test_23_mail_to_one_address_is_throttled(
    anonymous: httpx2.AsyncClient, user: User, configure: Configure, clock: Clock
) -> None:
    configure("throttle", mails=1)
    for path in (RESEND, FORGOT):
        for status in (202, 429):
            response = await anonymous.post(path, json={"email": user.email})
            assert (path, response.status_code) == (path, status)
        clock.forward(3600)


async def test_28_a_new_address_is_confirmed_there_and_the_former_one_is_told(
    client: httpx2.AsyncClient, user: User, deliver: Deliver, actions: Actions
) -> None:
    asked = await change(client)
    assert (asked.status_code, asked.content) == (202, b"")
    [mail] = await deliver()
    assert mail["To"] == NEW_ADDRESS
    assert (await client.get(ME)).json()["email"] == user.email
    assert (await confirm(client, token_of(mail))).status_code == 204
    profile = (await client.get(ME)).json()
    assert (profile["email"], profile["is_verified"]) == (NEW_ADDRESS, True)
    [notice] = await deliver()
    assert notice["To"] == user.email
    assert (await try_login(client, user.email)).status_code == 401
    assert (await try_login(client, NEW_ADDRESS.upper())).status_code == 200
    assert (await actions())[1:3] == ["email_change_requested", "email_changed"]


async def test_28_changing_the_address_needs_the_password_and_a_full_session(
    client: httpx2.AsyncClient,
    user: User,
    log_in: LogIn,
    deliver: Deliver,
    actions: Actions,
) -> None:
    wrong = await change(client, password=WRONG)
    assert (wrong.status_code, wrong.json()["error_code"]) == (403, "wrong_password")
    assert (await actions())[-1] == "email_change_failed"
    client.headers.update(await log_in(user, scope="data:read"))
    assert (await change(client)).status_code == 403
    assert await deliver() == []


async def test_a_taken_address_is_refused_after_the_password_is_checked(
    client: httpx2.AsyncClient, user: User, make_user: MakeUser, deliver: Deliver
) -> None:
    other = await make_user()
    assert (await change(client, other.email, WRONG)).status_code == 403
    taken = await change(client, other.email.upper())
    own = await change(client, user.email)
    assert (taken.status_code, own.status_code) == (409, 422)
    for response in (taken, own):
        assert list(response.json()["field_errors"]) == ["email"]
    assert await deliver() == []


async def test_27_a_changed_address_ends_all_tokens(
    client: httpx2.AsyncClient, user: User, deliver: Deliver
) -> None:
    await client.post(FORGOT, json={"email": user.email})
    [forgotten] = await deliver()
    await change(client)
    [mail] = await deliver()
    assert (await confirm(client, token_of(mail))).status_code == 204
    body = {"token": token_of(forgotten), "new_password": "Seven-Chairs-In-A-Row"}
    reset = await client.post("/api/v1/auth/reset-password", json=body)
    assert reset.status_code == 400


@pytest.fixture
async def queued(anonymous: httpx2.AsyncClient, user: User) -> User:
    """Queue a mail to a user."""
    await anonymous.post(FORGOT, json={"email": user.email})
    return user


async def test_a_mail_names_the_project_the_recipient_and_the_time(
    app: FastAPI, queued: User, deliver: Deliver
) -> None:
    [mail] = await deliver(reset_minutes=45, sender="api@example.com")
    project = app.state.settings.project_name
    sender = f"{project} <api@example.com>"
    assert (mail["To"], mail["From"]) == (queued.email, sender)
    assert project in mail["Subject"]
    for kind in ("plain", "html"):
        assert "45 minutes" in text_of(mail, kind)


@pytest.mark.usefixtures("queued")
async def test_a_link_has_its_token_where_no_server_logs_it(deliver: Deliver) -> None:
    [mail] = await deliver(frontend_url="https://app.example.com/")
    [link] = [word for word in text_of(mail).split() if word.startswith("https:")]
    page, _, fragment = link.partition("#")
    assert page.startswith("https://app.example.com/")
    assert token_of(mail) in fragment


async def test_mail_is_sent_once(
    queued: User, deliver: Deliver, read_rows: ReadRows
) -> None:
    assert [mail["To"] for mail in await deliver()] == [queued.email]
    assert await read_rows("outbox_mails") == []
    assert await deliver() == []


async def test_a_name_is_shown_as_text(
    anonymous: httpx2.AsyncClient, deliver: Deliver
) -> None:
    body = registration(full_name="<img src=x>", username="ada")
    await anonymous.post(REGISTER, json=body)
    [mail] = await deliver()
    assert "<img" not in text_of(mail, "html")


@pytest.mark.usefixtures("queued")
async def test_mail_that_fails_is_tried_again_later_and_dropped_in_the_end(
    deliver: Deliver, read_rows: ReadRows, change_rows: ChangeRows
) -> None:
    unreachable = {"backend": "smtp", "port": 1, "security": "none"}
    assert await deliver(**unreachable) == []
    [row] = await read_rows("outbox_mails")
    now = datetime.now(UTC)
    assert (row["attempts"], row["due_at"] > now) == (1, True)
    # Its time has not come.
    assert await deliver() == []
    past = now - timedelta(days=4)
    await change_rows("outbox_mails", due_at=past, created_at=past)
    assert await deliver(**unreachable) == []
    assert await read_rows("outbox_mails") == []
