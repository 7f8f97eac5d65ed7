"""Searching users."""

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.scopes import Role
from proofs.accounts.calls import USERS
from proofs.fixtures.users import MakeUser


@pytest.fixture(autouse=True)
async def _users(make_user: MakeUser) -> None:
    await make_user(email="Élise@example.com", username="under_score", is_verified=True)
    await make_user(email="100%@example.com", username="Bee", is_active=False)
    await make_user(
        email="ada@example.com", username="ant", role=Role.ADMIN, is_verified=True
    )


async def names(client: httpx2.AsyncClient, query: str) -> set[str]:
    """Give the names of those who are found, but for the one who searches."""
    response = await client.get(f"{USERS}?{query}")
    assert response.status_code == 200, response.text
    found = {user["username"] for user in response.json()["items"]}
    return found & {"under_score", "Bee", "ant"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"under_score", "Bee", "ant"}),
        ("username__contains=BE", {"Bee"}),
        ("username__contains=b_e", set()),
        ("username__contains=_", {"under_score"}),
        ("username__contains=%25", set()),
        ("username__contains=' OR 1=1 --", set()),
        ("email__contains=%25@", {"Bee"}),
        ("email__contains=%5C", set()),
        ("email__contains=éLISE@EXAMPLE", {"under_score"}),
        ("email__contains=e%CC%81lise", {"under_score"}),
        ("email__contains=elise", set()),
        ("role=admin", {"ant"}),
        ("role=user", {"under_score", "Bee"}),
        ("is_active=false", {"Bee"}),
        ("is_active=true", {"under_score", "ant"}),
        ("is_verified=true&role=user", {"under_score"}),
        ("is_verified=true&is_active=false", set()),
    ],
)
async def test_users_are_searched(
    admin_client: httpx2.AsyncClient, query: str, expected: set[str]
) -> None:
    assert await names(admin_client, query) == expected


async def test_what_is_found_is_counted(admin_client: httpx2.AsyncClient) -> None:
    query = {"is_active": "true", "limit": "1"}
    page = (await admin_client.get(USERS, params=query)).json()
    assert (len(page["items"]), page["total"], page["has_more"]) == (1, 3, True)


async def test_pages_go_on_by_cursors(admin_client: httpx2.AsyncClient) -> None:
    query, found = {"sort": "username", "limit": "2"}, []
    while query.get("cursor", "") is not None:
        page = (await admin_client.get(USERS, params=query)).json()
        found += [user["username"] for user in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert found == sorted(found, key=str.casefold)
    assert len(found) == len(set(found)) == 4


@pytest.mark.parametrize("sort", ["username", "-username"])
async def test_users_are_sorted_without_regard_to_case(
    admin_client: httpx2.AsyncClient, sort: str
) -> None:
    page = (await admin_client.get(USERS, params={"sort": sort})).json()
    found = [user["username"] for user in page["items"]]
    assert found == sorted(found, key=str.casefold, reverse=sort.startswith("-"))
    assert set(found) > {"ant", "Bee", "under_score"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=hashed_password", "sort"),
        ("sort=email_key", "sort"),
        ("limit=101", "limit"),
        ("role=owner", "role"),
        ("role=", "role"),
        ("role=user' OR '1'='1", "role"),
        ("is_active=maybe", "is_active"),
        ("is_verified=", "is_verified"),
        ("email__contains=%00", "email__contains"),
        ("email__contains=" + "a" * 255, "email__contains"),
        ("hashed_password=!", "hashed_password"),
        ("hashed_password__contains=argon2", "hashed_password__contains"),
        ("is_superuser=true", "is_superuser"),
        ("email=ada@example.com", "email"),
        ("role__contains=a", "role__contains"),
        ("is_active__gte=true", "is_active__gte"),
        ("__class__=User", "__class__"),
        ("metadata__contains=a", "metadata__contains"),
    ],
)
async def test_what_the_search_does_not_know_is_refused(
    admin_client: httpx2.AsyncClient, query: str, field: str
) -> None:
    response = await admin_client.get(f"{USERS}?{query}")
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]


async def test_a_page_takes_no_statement_for_each_user(
    admin_client: httpx2.AsyncClient, make_user: MakeUser, statements: list[str]
) -> None:
    await admin_client.get(USERS)
    taken = len(statements)
    for _ in range(5):
        await make_user()
    statements.clear()
    assert len((await admin_client.get(USERS)).json()["items"]) == 9
    assert len(statements) == taken


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        (USERS, "email__contains username__contains role is_active is_verified"),
        (
            "/api/v1/audit-events",
            "user_id actor_id action created_at__gte created_at__lt",
        ),
    ],
)
async def test_the_document_describes_every_filter(
    app: FastAPI, path: str, filters: str
) -> None:
    parameters = app.openapi()["paths"][path]["get"]["parameters"]
    described = {one["name"] for one in parameters if one["description"]}
    assert described == {"skip", "cursor", "limit", "total", "sort", *filters.split()}
