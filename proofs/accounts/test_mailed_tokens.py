"""Tokens as they arrive: they are only in the mail, and the newest counts."""

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from proofs.accounts.calls import FORGOT_PASSWORD, RESEND_VERIFICATION, change_email
from proofs.accounts.links import NEW_ADDRESS, USES, assert_invalid, use
from proofs.accounts.test_stored_secrets import stored_texts
from proofs.fixtures.mail import Deliver, token_of

pytestmark = pytest.mark.parametrize("purpose", USES)


async def ask(
    client: httpx2.AsyncClient, user: User, purpose: MailPurpose
) -> httpx2.Response:
    """Have a link mailed."""
    if purpose == MailPurpose.CHANGE_EMAIL:
        return await change_email(client, NEW_ADDRESS)
    path = (
        FORGOT_PASSWORD
        if purpose == MailPurpose.RESET_PASSWORD
        else RESEND_VERIFICATION
    )
    return await client.post(path, json={"email": user.email})


async def test_a_token_is_nowhere_in_the_database(
    client: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    deliver: Deliver,
    purpose: MailPurpose,
) -> None:
    await ask(client, user, purpose)
    [mail] = await deliver()
    texts = await stored_texts(session)
    assert user.email in texts
    assert not any(token_of(mail) in text for text in texts)
    assert (await use(client, purpose, token_of(mail))).status_code == 204


async def test_only_the_newest_token_is_good(
    client: httpx2.AsyncClient, user: User, deliver: Deliver, purpose: MailPurpose
) -> None:
    tokens = []
    for _ in range(2):
        assert (await ask(client, user, purpose)).status_code == 202
        tokens += [token_of(mail) for mail in await deliver()]
    assert_invalid(await use(client, purpose, tokens[0]))
    assert (await use(client, purpose, tokens[1])).status_code == 204
