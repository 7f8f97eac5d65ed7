"""Tokens as they arrive: only in the mail, and good until one of them is used."""

import asyncio
from collections import Counter

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import MailPurpose, User
from proofs.accounts.calls import FORGOT_PASSWORD, RESEND_VERIFICATION, change_email
from proofs.accounts.links import NEW_ADDRESS, USES, assert_invalid, recorded, use
from proofs.accounts.test_stored_secrets import stored_texts
from proofs.fixtures.accounts import Clock
from proofs.fixtures.app import client_key
from proofs.fixtures.mail import Deliver, token_of

each_purpose = pytest.mark.parametrize("purpose", USES)
STRANGERS = [MailPurpose.VERIFY_EMAIL, MailPurpose.RESET_PASSWORD]
"""Whoever knows an address can ask for these; for the other, one must be logged in."""


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


@each_purpose
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


async def arrived(
    app: FastAPI, user: User, deliver: Deliver, purpose: MailPurpose
) -> list[str]:
    """Ask for a link from many places, and give the tokens, the oldest first."""
    tokens = []
    for number in range(8):
        async with client_key(app, client=(f"203.0.113.{number}", 1)) as stranger:
            assert (await ask(stranger, user, purpose)).status_code == 202
        tokens += [token_of(mail) for mail in await deliver()]
    assert len(set(tokens)) == 8
    return tokens


@pytest.mark.parametrize("purpose", STRANGERS)
@pytest.mark.parametrize("place", [0, 4, -1])
async def test_a_link_stays_good_however_often_strangers_ask_and_using_one_ends_all(
    app: FastAPI, user: User, deliver: Deliver, purpose: MailPurpose, place: int
) -> None:
    tokens = await arrived(app, user, deliver, purpose)
    async with client_key(app) as client:
        assert (await use(client, purpose, tokens.pop(place))).status_code == 204
        for token in tokens:
            assert_invalid(await use(client, purpose, token))


@pytest.mark.committed
@pytest.mark.parametrize("purpose", STRANGERS)
async def test_of_many_links_that_are_used_at_once_one_counts(
    app: FastAPI,
    user: User,
    deliver: Deliver,
    session: AsyncSession,
    purpose: MailPurpose,
) -> None:
    tokens = await arrived(app, user, deliver, purpose)
    async with client_key(app) as client:
        answers = await asyncio.gather(*(use(client, purpose, one) for one in tokens))
    assert Counter(one.status_code for one in answers) == {204: 1, 400: 7}
    assert len(await recorded(session, user)) == 1


@each_purpose
async def test_whoever_asks_again_ends_the_link_that_was_mailed_before(
    client: httpx2.AsyncClient, user: User, deliver: Deliver, purpose: MailPurpose
) -> None:
    tokens = []
    for _ in range(2):
        assert (await ask(client, user, purpose)).status_code == 202
        tokens += [token_of(mail) for mail in await deliver()]
    assert_invalid(await use(client, purpose, tokens[0]))
    assert (await use(client, purpose, tokens[1])).status_code == 204


@pytest.mark.parametrize("purpose", STRANGERS)
async def test_mail_of_one_kind_keeps_nobody_from_asking_for_another(
    monkeypatch: pytest.MonkeyPatch,
    app: FastAPI,
    user: User,
    purpose: MailPurpose,
    clock: Clock,  # noqa: ARG001
) -> None:
    monkeypatch.setattr("app.accounts.throttle.MAILS_PER_RECIPIENT", 1)
    [other] = [one for one in STRANGERS if one != purpose]
    asked = []
    for number, one in enumerate([other, other, purpose]):
        async with client_key(app, client=(f"203.0.113.{number}", 1)) as client:
            asked.append((await ask(client, user, one)).status_code)
    assert asked == [202, 429, 202]
