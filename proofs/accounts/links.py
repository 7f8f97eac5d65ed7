"""Links in mails: what is queued, the tokens in them, and what they are used for."""

from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuditEvent, MailPurpose, MailToken, User
from app.core.mail.outbox import OutboxMail
from app.core.security.opaque_tokens import digest, new_token
from app.db.base import now
from proofs.accounts.calls import CONFIRM_EMAIL, RESET_PASSWORD, VERIFY_EMAIL

NEW_PASSWORD = "Seven-Chairs-In-A-Row"
NEW_ADDRESS = "moved@example.com"

USES: dict[MailPurpose, tuple[str, dict[str, str]]] = {
    MailPurpose.VERIFY_EMAIL: (VERIFY_EMAIL, {}),
    MailPurpose.RESET_PASSWORD: (RESET_PASSWORD, {"new_password": NEW_PASSWORD}),
    MailPurpose.CHANGE_EMAIL: (CONFIRM_EMAIL, {}),
}
"""What a token is sent to, and with what."""


async def mint(
    session: AsyncSession, user: User, purpose: MailPurpose, **values: Any
) -> str:
    """Store a token as if it had just been mailed to a user."""
    token = new_token()
    is_new = purpose == MailPurpose.CHANGE_EMAIL
    defaults = {
        "digest": digest(token),
        "user_id": user.id,
        "purpose": purpose.value,
        "email": NEW_ADDRESS if is_new else user.email,
        "asked_by": "",
        "expires_at": now() + timedelta(minutes=1),
    }
    session.add(MailToken(**defaults | values))
    await session.commit()
    return token


async def use(
    client: httpx2.AsyncClient, purpose: MailPurpose, token: object
) -> httpx2.Response:
    """Use a token for what it was mailed for."""
    path, values = USES[purpose]
    return await client.post(path, json={"token": token} | values)


async def queued(session: AsyncSession) -> list[tuple[str, str]]:
    """Give purpose and recipient of the mail that waits, the oldest first."""
    columns = select(OutboxMail.purpose, OutboxMail.recipient).order_by(OutboxMail.id)
    return [
        (purpose, recipient) for purpose, recipient in await session.execute(columns)
    ]


async def recorded(session: AsyncSession, user: User) -> list[tuple[str, bool]]:
    """Give what was recorded about a user, and whether a session of the user's did it."""
    events = (
        select(AuditEvent).where(AuditEvent.user_id == user.id).order_by(AuditEvent.id)
    )
    return [
        (one.action, one.actor_id == user.id) for one in await session.scalars(events)
    ]


def assert_invalid(response: httpx2.Response) -> None:
    """Make sure that a token was refused."""
    assert (response.status_code, response.json()["error_code"]) == (
        400,
        "invalid_link",
    )
