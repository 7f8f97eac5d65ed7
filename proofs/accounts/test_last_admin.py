"""Somebody can always administrate, also when all administrators leave at once."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.scopes import Role
from proofs.accounts.calls import ME, USERS
from proofs.fixtures.users import LogIn, MakeUser

Leave = Callable[[httpx2.AsyncClient, User, dict[str, str]], Awaitable[httpx2.Response]]

ADMIN, SUPERUSER = {"role": Role.ADMIN}, {"is_superuser": True}
WAYS: dict[str, Leave] = {
    "demote": lambda client, user, headers: client.patch(
        f"{USERS}/{user.id}", json={"role": "user"}, headers=headers
    ),
    "disable": lambda client, user, headers: client.patch(
        f"{USERS}/{user.id}", json={"is_active": False}, headers=headers
    ),
    "delete": lambda client, _, headers: client.delete(ME, headers=headers),
}


async def administrators(session: AsyncSession) -> int:
    can_administrate = or_(User.role == Role.ADMIN, User.is_superuser)
    statement = select(User.id).where(User.is_active, can_administrate)
    return len((await session.scalars(statement)).all())


@pytest.mark.parametrize(
    ("values", "way"),
    [
        (ADMIN, "demote"),
        (ADMIN, "disable"),
        (ADMIN, "delete"),
        (SUPERUSER, "disable"),
        (SUPERUSER, "delete"),
        (ADMIN | SUPERUSER, "disable"),
        (ADMIN | SUPERUSER, "delete"),
    ],
)
async def test_the_last_administrator_does_not_leave_in_any_way(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    values: dict[str, object],
    way: str,
) -> None:
    last = await make_user(**values)
    await make_user()
    await make_user(**ADMIN, is_active=False)
    refused = await WAYS[way](anonymous, last, await log_in(last))
    assert (refused.status_code, refused.json()["error_code"]) == (409, "conflict")
    assert await administrators(session) == 1


@pytest.mark.committed
@pytest.mark.parametrize(
    ("kinds", "ways"),
    [
        ((ADMIN, ADMIN), ("demote", "demote")),
        ((ADMIN, ADMIN), ("demote", "delete")),
        ((ADMIN, ADMIN), ("disable", "delete")),
        ((ADMIN, ADMIN), ("delete", "delete")),
        ((ADMIN, SUPERUSER), ("demote", "disable")),
        ((SUPERUSER, SUPERUSER), ("disable", "delete")),
    ],
)
async def test_of_administrators_who_leave_at_once_one_stays(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    kinds: tuple[dict[str, object], ...],
    ways: tuple[str, ...],
) -> None:
    users = [await make_user(**values) for values in kinds]
    sessions = [await log_in(user) for user in users]
    leaving = [
        WAYS[way](anonymous, user, headers)
        for way, user, headers in zip(ways, users, sessions, strict=True)
    ]
    statuses = [response.status_code for response in await asyncio.gather(*leaving)]
    assert min(statuses) in (200, 204)
    assert max(statuses) == 409
    assert await administrators(session) == 1


@pytest.mark.committed
async def test_of_many_administrators_who_leave_at_once_one_stays(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
) -> None:
    users = [await make_user(**ADMIN) for _ in range(6)]
    sessions = [await log_in(user) for user in users]
    leaving = [
        WAYS[way](anonymous, user, headers)
        for way, user, headers in zip([*WAYS] * 2, users, sessions, strict=True)
    ]
    statuses = sorted(
        [response.status_code for response in await asyncio.gather(*leaving)]
    )
    assert all(status in (200, 204) for status in statuses[:-1])
    assert statuses[-1] == 409
    assert await administrators(session) == 1


@pytest.mark.committed
@pytest.mark.parametrize("bystanders", [0, 2])
@pytest.mark.parametrize(
    ("kinds", "ways"),
    [
        ((ADMIN, ADMIN), ("demote", "demote")),
        ((ADMIN, ADMIN), ("demote", "disable")),
        ((ADMIN, ADMIN), ("disable", "disable")),
        ((SUPERUSER, SUPERUSER), ("disable", "disable")),
    ],
)
async def test_of_administrators_who_end_each_other_at_once_one_succeeds(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
    kinds: tuple[dict[str, object], ...],
    ways: tuple[str, ...],
    bystanders: int,
) -> None:
    users = [await make_user(**values) for values in kinds]
    for _ in range(bystanders):
        await make_user(**ADMIN)
    sessions = [await log_in(user) for user in users]
    acts = [
        WAYS[way](anonymous, other, headers)
        for way, other, headers in zip(ways, reversed(users), sessions, strict=True)
    ]
    answers = sorted([one.status_code for one in await asyncio.gather(*acts)])
    # Who is ended first is not known any more, not allowed, or the last one.
    assert answers[0] == 200
    assert answers[1] in (401, 403, 409)
    assert await administrators(session) == 1 + bystanders


@pytest.mark.committed
async def test_who_is_demoted_while_deleting_the_account_leaves_an_administrator(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
) -> None:
    ada, bob = [await make_user(**ADMIN) for _ in range(2)]
    sessions = [await log_in(user) for user in (ada, bob)]
    await asyncio.gather(
        WAYS["demote"](anonymous, bob, sessions[0]),
        WAYS["demote"](anonymous, ada, sessions[1]),
        WAYS["delete"](anonymous, ada, sessions[0]),
        WAYS["delete"](anonymous, bob, sessions[1]),
    )
    assert await administrators(session) == 1


@pytest.mark.committed
async def test_a_change_is_judged_by_what_a_user_is_by_then(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    log_in: LogIn,
    session: AsyncSession,
) -> None:
    admin, user = await make_user(**ADMIN), await make_user()
    headers, url = await log_in(admin), f"{USERS}/{user.id}"
    changes = [{"role": "admin"}] * 4
    answers = await asyncio.gather(
        *(anonymous.patch(url, json=body, headers=headers) for body in changes)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert (
        len(
            (await anonymous.get("/api/v1/audit-events", headers=headers)).json()[
                "items"
            ]
        )
        == 1
    )
    assert await administrators(session) == 2


@pytest.mark.committed
async def test_administrators_who_change_the_same_one_do_not_wait_in_a_circle(
    anonymous: httpx2.AsyncClient, make_user: MakeUser, log_in: LogIn
) -> None:
    first, *others = [await make_user(**ADMIN) for _ in range(5)]
    sessions = [await log_in(admin) for admin in others]
    # Whoever is disabled in between is an administrator to some of them, and to others
    # not.
    changes = [
        anonymous.patch(
            f"{USERS}/{first.id}", json={"is_active": is_active}, headers=headers
        )
        for is_active in (False, True) * 2
        for headers in sessions
    ]
    assert {answer.status_code for answer in await asyncio.gather(*changes)} == {200}
