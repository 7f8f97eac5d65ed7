"""Mail: what it says, and what happens when it cannot be sent."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.fixtures.accounts import REGISTER, registration
from tests.fixtures.database import ChangeRows, ReadRows
from tests.fixtures.mail import Deliver, text_of, token_of

FORGOT = "/api/v1/auth/forgot-password"


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


async def test_mail_to_a_deleted_user_is_dropped(
    queued: User, deliver: Deliver, change_rows: ChangeRows
) -> None:
    await change_rows("users", queued.id, is_active=False)
    assert await deliver() == []
