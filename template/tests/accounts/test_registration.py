"""Registering."""

import asyncio
import json

import httpx2
import pytest

from tests.fixtures.accounts import (
    REGISTER,
    Actions,
    Credentials,
    Deliver,
    MakeUser,
    ReadRows,
    registration,
    try_login,
)


async def test_a_new_user_can_log_in_and_read_the_account_at_location(
    anonymous: httpx2.AsyncClient, credentials: Credentials
) -> None:
    body = registration(email="Ada@EXAMPLE.com", username="Ada", full_name=" Ada L. ")
    created = await anonymous.post(REGISTER, json=body)
    assert created.status_code == 201
    headers = credentials(await try_login(anonymous, "ada"))
    read = await anonymous.get(created.headers["Location"], headers=headers)
    assert (read.status_code, read.json()) == (200, created.json())
    assert (read.json()["email"], read.json()["username"]) == ("Ada@example.com", "Ada")
    assert read.json()["full_name"] == "Ada L."


async def test_a_new_user_has_no_privileges(
    anonymous: httpx2.AsyncClient, actions: Actions
) -> None:
    user = (await anonymous.post(REGISTER, json=registration())).json()
    assert (user["role"], user["is_active"]) == ("user", True)
    assert (user["is_superuser"], user["is_verified"]) == (False, False)
    assert await actions() == ["registered"]


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("email", "ada@example.com", " ADA@Example.COM "),
        ("email", "straße@example.com", "STRASSE@example.com"),
        ("username", "Ada-Lovelace", "aDA-lOVELACE"),
    ],
)
async def test_address_and_name_are_unique_in_any_case(
    anonymous: httpx2.AsyncClient,
    make_user: MakeUser,
    deliver: Deliver,
    field: str,
    first: str,
    second: str,
) -> None:
    await make_user(**{field: first})
    response = await anonymous.post(REGISTER, json=registration(**{field: second}))
    assert response.status_code == 409
    assert list(response.json()["field_errors"]) == [field]
    assert first not in response.text
    assert await deliver() == []


async def test_fields_have_bounds(anonymous: httpx2.AsyncClient) -> None:
    for field, value in (
        ("email", "ada@localhost"),
        ("email", "Ada <ada@example.com>"),
        ("email", "ada@example.com\r\nBcc: eve@example.com"),
        ("email", f"{'a' * 243}@example.com"),
        ("username", "ad"),
        ("username", "a" * 31),
        ("username", "ada@example.com"),
        ("username", "\u0430da"),
        ("full_name", "a" * 121),
    ):
        body = registration(**{field: value})
        response = await anonymous.post(REGISTER, json=body)
        assert (field, value, response.status_code) == (field, value, 422)
        assert list(response.json()["field_errors"]) == [field]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Short-pass1", "at least 12"),
        ("z" * 129, "at most 128"),
        ("password1234", "too common"),
        ("Ada.Lovelace@example.com", "too close"),
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused(
    anonymous: httpx2.AsyncClient, read_rows: ReadRows, password: str, reason: str
) -> None:
    body = registration(email="ada.lovelace@example.com", password=password)
    response = await anonymous.post(REGISTER, json=body)
    assert response.status_code == 422
    [message] = response.json()["field_errors"]["password"]
    assert reason in message
    assert await read_rows("users") == []


async def test_21_a_hostile_password_is_refused_before_it_is_hashed(
    anonymous: httpx2.AsyncClient,
) -> None:
    for password, status in (
        ("nul\x00-in-the-middle", 422),
        ("a" * 10_000, 422),
        ("a" * 100_000, 413),
    ):
        body = registration(password=password)
        response = await anonymous.post(REGISTER, json=body)
        assert (response.status_code, "a" * 40 in response.text) == (status, False)


async def test_36_registering_sets_documented_fields_only(
    anonymous: httpx2.AsyncClient, read_rows: ReadRows
) -> None:
    for field, value in (
        ("role", "admin"),
        ("is_superuser", True),
        ("is_verified", True),
        ("id", "0198a5b0-0000-7000-8000-000000000001"),
        ("owner_id", "0198a5b0-0000-7000-8000-000000000001"),
        ("hashed_password", "!"),
    ):
        body = registration(**{field: value})
        response = await anonymous.post(REGISTER, json=body)
        assert response.status_code == 422
        assert response.json()["field_errors"] == {field: ["Unknown field."]}
    assert await read_rows("users") == []


async def test_40_hostile_text_is_refused_or_kept_exactly(
    anonymous: httpx2.AsyncClient,
) -> None:
    for name, status in (
        ("nul\x00", 422),
        ("\ud800", 422),
        ("a" * 10_000, 422),
        ("\u202eada", 201),
        ("Ada\r\nBcc: eve@example.com", 201),
    ):
        # The client cannot encode lone surrogates by itself.
        content = json.dumps(registration(full_name=name))
        headers = {"Content-Type": "application/json"}
        response = await anonymous.post(REGISTER, content=content, headers=headers)
        assert (name[:9], response.status_code) in [(name[:9], status), (name[:9], 422)]
        if response.status_code == 201:
            assert response.json()["full_name"] == name


@pytest.mark.committed
async def test_52_parallel_registrations_of_one_address_make_one_user(
    anonymous: httpx2.AsyncClient, read_rows: ReadRows
) -> None:
    spellings = ["ada@example.com", "ADA@example.com"] * 3
    bodies = [registration(email=email) for email in spellings]
    calls = [anonymous.post(REGISTER, json=body) for body in bodies]
    statuses = [response.status_code for response in await asyncio.gather(*calls)]
    assert sorted(statuses) == [201, *[409] * 5]
    assert len(await read_rows("users")) == 1
