"""What happens between asking for another e-mail address and using it."""

import httpx2
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from proofs.accounts.calls import USERS, change_email, change_password
from proofs.accounts.links import NEW_ADDRESS, assert_invalid, mint, queued, use
from proofs.fixtures.accounts import Pause
from proofs.fixtures.mail import Deliver
from proofs.fixtures.users import PASSWORD

CHANGE = MailPurpose.CHANGE_EMAIL


async def test_the_last_request_counts(
    client: httpx2.AsyncClient, user: User, session: AsyncSession, deliver: Deliver
) -> None:
    token = await mint(session, user, CHANGE)
    for email in (NEW_ADDRESS, "elsewhere@example.com"):
        assert (await change_email(client, email)).status_code == 202
    assert_invalid(await use(client, CHANGE, token))
    assert [mail["To"] for mail in await deliver()] == ["elsewhere@example.com"]


async def test_a_changed_password_withdraws_a_mail_that_still_waits(
    client: httpx2.AsyncClient, session: AsyncSession
) -> None:
    assert (await change_email(client, NEW_ADDRESS)).status_code == 202
    assert await queued(session) == [(CHANGE, NEW_ADDRESS)]
    assert (await change_password(client, PASSWORD)).status_code == 204
    assert await queued(session) == []


async def test_a_user_who_is_disabled_gets_no_such_mail_later_either(
    client: httpx2.AsyncClient,
    admin_client: httpx2.AsyncClient,
    user: User,
    deliver: Deliver,
) -> None:
    assert (await change_email(client, NEW_ADDRESS)).status_code == 202
    for is_active in (False, True):
        changed = await admin_client.patch(
            f"{USERS}/{user.id}", json={"is_active": is_active}
        )
        assert changed.status_code == 200
    assert await deliver() == []


async def test_a_password_that_is_changed_meanwhile_counts(
    client: httpx2.AsyncClient, session: AsyncSession, pause: Pause
) -> None:
    call = await pause.hold(change_email(client, NEW_ADDRESS))
    await session.execute(update(User).values(hashed_password="!"))
    await session.commit()
    pause.end()
    assert (await call).status_code == 409
    assert await queued(session) == []
