"""Registering."""

import json
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.config import Settings
from proofs.accounts.calls import REGISTER, attempt, registration
from proofs.fixtures.accounts import Serve, cheap
from proofs.fixtures.app import client_key
from proofs.fixtures.users import MakeUser, Proof


async def count_users(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).select_from(User))).one()


async def test_who_registers_can_log_in_and_read_the_account_where_location_says(
    anonymous: httpx2.AsyncClient, proof: Proof
) -> None:
    given = registration(
        email="Ada@EXAMPLE.com", username="Ada", full_name=" Ada Lovelace "
    )
    created = await anonymous.post(REGISTER, json=given)
    assert created.status_code == 201
    headers = proof(await attempt(anonymous, "ada"))
    read = await anonymous.get(created.headers["Location"], headers=headers)
    assert read.status_code == 200
    assert read.json() == created.json()
    assert (read.json()["email"], read.json()["username"]) == ("Ada@example.com", "Ada")
    assert read.json()["full_name"] == "Ada Lovelace"


async def test_who_registers_has_no_privileges(anonymous: httpx2.AsyncClient) -> None:
    user = (await anonymous.post(REGISTER, json=registration())).json()
    assert (user["role"], user["is_active"]) == ("user", True)
    assert (user["is_superuser"], user["is_verified"]) == (False, False)


async def test_no_answer_shows_a_password_or_its_hash(
    anonymous: httpx2.AsyncClient, admin_client: httpx2.AsyncClient
) -> None:
    created = await anonymous.post(
        REGISTER, json=registration(password="Canary-In-A-Coal-Mine")
    )
    refused = await anonymous.post(
        REGISTER, json=registration(password="Canary", email="Canary")
    )
    listed = await admin_client.get("/api/v1/users")
    for response in (created, refused, listed):
        assert "canary" not in response.text.lower()
        assert "hash" not in response.text
        assert "argon2" not in response.text


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("email", "ada@example.com", "ada@example.com"),
        ("email", "ada@example.com", " ADA@Example.COM "),
        ("email", "straße@example.com", "STRASSE@example.com"),
        ("email", "jos\u00e9@example.com", "JOSE\u0301@example.com"),
        ("username", "lovelace", "lovelace"),
        ("username", "Ada-Lovelace", "aDA-lOVELACE"),
    ],
)
async def test_an_address_and_a_name_are_taken_in_any_case(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    field: str,
    first: str,
    second: str,
) -> None:
    await make_user(**{field: first})
    response = await anonymous.post(REGISTER, json=registration(**{field: second}))
    assert response.status_code == 409
    assert list(response.json()["field_errors"]) == [field]
    assert first not in response.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "ada"),
        ("email", "ada@"),
        ("email", "@example.com"),
        ("email", "ada@localhost"),
        ("email", "ada@exam ple.com"),
        ("email", "ada@example.com\r\nBcc: eve@example.com"),
        ("email", "ada\x00@example.com"),
        ("email", "ada@example.com, eve@example.com"),
        ("email", "Ada <ada@example.com>"),
        ("email", "ada\u202e@example.com"),
        ("email", "\ud800@example.com"),
        ("email", f"{'a' * 243}@example.com"),
        ("email", f"ada@{'a.' * 5_000}com"),
        ("email", ["ada@example.com"]),
        ("email", None),
        ("username", "ad"),
        ("username", "a" * 31),
        ("username", "ada lovelace"),
        ("username", "ada\n"),
        ("username", "ada@example.com"),
        ("username", "-ada"),
        ("username", "\u0430da"),
        ("username", "ada\u202e"),
        ("username", "ada'--"),
        ("username", 12345),
        ("full_name", "a" * 121),
        ("full_name", "Ada\x00"),
        ("full_name", "\udfff"),
        ("full_name", None),
        ("password", None),
        ("password", 123456789012),
        ("password", ["a-list-is-no-password"]),
    ],
)
async def test_hostile_input_is_refused_by_field(
    anonymous: httpx2.AsyncClient, field: str, value: object
) -> None:
    # The client cannot write lone surrogates by itself.
    content = json.dumps(registration(**{field: value}))
    headers = {"Content-Type": "application/json"}
    response = await anonymous.post(REGISTER, content=content, headers=headers)
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", str(uuid4())),
        ("role", "admin"),
        ("is_superuser", True),
        ("is_verified", True),
        ("is_active", True),
        ("owner_id", str(uuid4())),
        ("hashed_password", "!"),
        ("email_key", "eve@example.com"),
        ("password_hint", "as always"),
    ],
)
async def test_nobody_can_register_with_more_than_the_documented_fields(
    anonymous: httpx2.AsyncClient, session: AsyncSession, field: str, value: object
) -> None:
    response = await anonymous.post(REGISTER, json=registration(**{field: value}))
    assert response.status_code == 422
    assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert await count_users(session) == 0


@pytest.mark.parametrize(
    "password",
    [
        "",
        "too-short",
        "z" * 129,
        "kGhTz4wQpLmN" * 1000,
        "nul\x00in-the-middle",
        "password1234",
        "Ada.Lovelace@example.com",
        "ada.lovelace",
        "countess1815",
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused(
    anonymous: httpx2.AsyncClient, session: AsyncSession, password: str
) -> None:
    given = registration(email="ada.lovelace@example.com", username="countess1815")
    response = await anonymous.post(REGISTER, json=given | {"password": password})
    assert response.status_code == 422
    assert list(response.json()["field_errors"]) == ["password"]
    assert await count_users(session) == 0


async def test_the_name_of_the_project_is_no_password(
    serve: Serve, settings: Settings
) -> None:
    async with client_key(serve(project_name="Flower Shop")) as client:
        named = await client.post(
            REGISTER, json=registration(password="FlowerShop-2026")
        )
        other = await client.post(
            REGISTER, json=registration(password="FruitMarket-2026")
        )
    assert (named.status_code, other.status_code) == (422, 201)
    assert settings.project_name != "Flower Shop"


@pytest.mark.parametrize(
    ("changes", "password"),
    [
        ({"min_length": 30}, "Nine-Lamps-On-A-Shelf-1"),
        ({"require_mixed_case": True}, "nine-lamps-on-a-shelf-1"),
        ({"require_digit": True}, "Nine-Lamps-On-A-Shelf"),
        ({"require_symbol": True}, "NineLampsOnAShelf1"),
    ],
)
async def test_the_settings_can_demand_more_of_a_password(
    serve: Serve, changes: dict[str, Any], password: str
) -> None:
    app = serve(passwords=cheap(**changes))
    async with client_key(app) as client:
        response = await client.post(REGISTER, json=registration(password=password))
        assert response.status_code == 422


async def test_a_password_that_meets_all_demands_is_accepted(serve: Serve) -> None:
    demands = {
        "require_mixed_case": True,
        "require_digit": True,
        "require_symbol": True,
    }
    app = serve(passwords=cheap(min_length=20, **demands))
    async with client_key(app) as client:
        given = registration(password="Nine Lamps On-A-Shelf Number 1")
        assert (await client.post(REGISTER, json=given)).status_code == 201
