"""Keys for requests that are sent again belong to whoever has sent them."""

import httpx2
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.core.changes.idempotency import IdempotencyKey
from proofs.accounts.calls import ME
from proofs.fixtures.users import LogIn, MakeUser

URL = "/owned-samples"
KEY = {"Idempotency-Key": "the-first-of-its-kind"}


async def test_the_keys_of_others_do_not_matter(
    client: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    other = await log_in(await make_user())
    bodies = {}
    for name, headers in (("mine", KEY), ("theirs", KEY | other)):
        first, again = [
            await client.post(URL, json={"name": "Lamp"}, headers=headers)
            for _ in range(2)
        ]
        assert (first.status_code, again.content) == (201, first.content)
        bodies[name] = first.json()
    assert bodies["mine"]["id"] != bodies["theirs"]["id"]


async def test_keys_go_with_their_user(
    client: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
) -> None:
    other = await log_in(await make_user())
    for headers in (KEY, KEY | other):
        await client.post(URL, json={"name": "Lamp"}, headers=headers)
    assert (await client.delete(ME)).status_code == 204
    assert await session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1


async def test_an_answer_is_repeated_only_to_who_may_ask_for_it(
    client: httpx2.AsyncClient, user: User, log_in: LogIn
) -> None:
    await client.post(URL, json={"name": "Lamp"}, headers=KEY)
    reader = await log_in(user, scope="data:read")
    response = await client.post(URL, json={"name": "Lamp"}, headers=KEY | reader)
    assert response.status_code == 403
