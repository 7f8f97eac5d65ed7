"""Asking for a link by mail: nobody learns whose an address is, or floods anybody."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from app.accounts.settings import ThrottleSettings
from proofs.accounts.calls import FORGOT_PASSWORD, RESEND_VERIFICATION, comparable
from proofs.accounts.links import queued
from proofs.fixtures.accounts import Clock, Serve
from proofs.fixtures.app import client_key, steady_headers
from proofs.fixtures.mail import Deliver
from proofs.fixtures.users import MakeUser

PURPOSES = {
    FORGOT_PASSWORD: MailPurpose.RESET_PASSWORD,
    RESEND_VERIFICATION: MailPurpose.VERIFY_EMAIL,
}
NOBODY = "nobody@example.com"

pytestmark = pytest.mark.parametrize("path", PURPOSES)


async def statuses(
    app: FastAPI, path: str, address: str, *recipients: str
) -> list[int]:
    async with client_key(app, client=(address, 50000)) as client:
        answers = [await client.post(path, json={"email": one}) for one in recipients]
    return [answer.status_code for answer in answers]


async def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_statements(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    statements: list[str],
    path: str,
) -> None:
    known, disabled = await make_user(), await make_user(is_active=False)
    verified = await make_user(is_verified=True)
    await anonymous.post(path, json={"email": "the-first-of-this-client@example.com"})
    seen = []
    for email in (NOBODY, known.email, disabled.email, verified.email):
        statements.clear()
        answer = await anonymous.post(path, json={"email": email})
        headers = steady_headers(answer)
        seen.append((answer.status_code, answer.content, headers, list(statements)))
    assert seen[0][:2] == (202, b"")
    assert all(one == seen[0] for one in seen)
    assert not any("users" in statement for statement in statements)


async def test_a_mail_is_queued_for_every_address_and_sent_to_users_alone(
    anonymous: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    deliver: Deliver,
    path: str,
) -> None:
    for email in (NOBODY, user.email.upper()):
        await anonymous.post(path, json={"email": email})
    assert [purpose for purpose, _ in await queued(session)] == [PURPOSES[path]] * 2
    assert [mail["To"] for mail in await deliver()] == [user.email]
    assert await queued(session) == []


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a\x00@example.com", None, ["a@b.example"]]
)
async def test_what_is_no_address_is_refused(
    anonymous: httpx2.AsyncClient, session: AsyncSession, path: str, email: object
) -> None:
    response = await anonymous.post(path, json={"email": email})
    assert (response.status_code, list(response.json()["field_errors"])) == (
        422,
        ["email"],
    )
    assert await queued(session) == []


async def test_nothing_else_can_be_asked_for(
    anonymous: httpx2.AsyncClient, user: User, session: AsyncSession, path: str
) -> None:
    body = {"email": user.email, "frontend_url": "http://evil.example"}
    response = await anonymous.post(path, json=body)
    assert response.status_code == 422
    assert response.json()["field_errors"] == {"frontend_url": ["Unknown field."]}
    assert await queued(session) == []


async def test_unknown_addresses_are_slowed_down_alike(
    serve: Serve, user: User, session: AsyncSession, clock: Clock, path: str
) -> None:
    app = serve(throttle=ThrottleSettings(mails=2))
    seen = []
    async with client_key(app) as client:
        for email in (user.email, NOBODY):
            for one in (email, f" {email.upper()} "):
                assert (await client.post(path, json={"email": one})).status_code == 202
            refused = await client.post(path, json={"email": email})
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
            seen.append(comparable(refused))
        assert seen[0] == seen[1]
        assert len(await queued(session)) == 4
        clock.forward(1)
        assert (await client.post(path, json={"email": user.email})).status_code == 202


async def test_nobody_is_flooded_from_many_clients_or_kept_out_for_long(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, clock: Clock, path: str
) -> None:
    app = serve()
    monkeypatch.setattr("app.accounts.throttle.MAILS_PER_RECIPIENT", 2)
    monkeypatch.setattr("app.accounts.throttle.MAX_GLOBAL_DELAY", 5)
    for number in range(2):
        assert await statuses(app, path, f"203.0.113.{number}", NOBODY) == [202]
    for number in range(10):
        assert await statuses(app, path, f"203.0.113.{number}", NOBODY) == [429]
        clock.forward(5)
        assert await statuses(app, path, f"198.51.100.{number}", NOBODY) == [202]


async def test_one_client_asks_only_for_so_many(
    monkeypatch: pytest.MonkeyPatch,
    serve: Serve,
    clock: Clock,  # noqa: ARG001
    path: str,
) -> None:
    app = serve()
    monkeypatch.setattr("app.accounts.throttle.MAILS_PER_CLIENT", 2)
    recipients = [f"{name}@example.com" for name in ("ada", "bob", "eve")]
    assert await statuses(app, path, "203.0.113.9", *recipients) == [202, 202, 429]
    assert await statuses(app, path, "198.51.100.1", recipients[2]) == [202]
