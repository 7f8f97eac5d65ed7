"""Calls that many tests of accounts make."""

import re
from itertools import count
from typing import Any

import httpx2

from proofs.fixtures.app import steady_headers
from proofs.fixtures.users import PASSWORD

REGISTER = "/api/v1/auth/register"
LOGIN = "/api/v1/auth/login"
ME = "/api/v1/users/me"
CHANGE_PASSWORD = "/api/v1/users/me/password"
CHANGE_EMAIL = "/api/v1/users/me/email"
CONFIRM_EMAIL = "/api/v1/auth/confirm-email"
VERIFY_EMAIL = "/api/v1/auth/verify-email"
RESEND_VERIFICATION = "/api/v1/auth/resend-verification"
FORGOT_PASSWORD = "/api/v1/auth/forgot-password"
RESET_PASSWORD = "/api/v1/auth/reset-password"
USERS = "/api/v1/users"

numbers = count(1)


def target(operation: str) -> list[str]:
    """Give method and path of an operation; whatever it is done to has the id `1`."""
    return re.sub(r"{\w+}", "1", operation).split()


def registration(**values: Any) -> dict[str, Any]:
    """Give what somebody registers with; no other has the name or the address."""
    name = f"new{next(numbers)}"
    return {
        "email": f"{name}@example.com",
        "username": name,
        "password": PASSWORD,
    } | values


async def attempt(
    client: httpx2.AsyncClient, login: str, password: str = PASSWORD, **headers: str
) -> httpx2.Response:
    """Try to log in."""
    form = {"username": login, "password": password}
    return await client.post(LOGIN, data=form, headers=headers)


async def change_password(
    client: httpx2.AsyncClient, current: str, new: str = "Seven-Chairs-In-A-Row"
) -> httpx2.Response:
    """Try to change the password."""
    body = {"current_password": current, "new_password": new}
    return await client.post(CHANGE_PASSWORD, json=body)


async def change_email(
    client: httpx2.AsyncClient, email: str, password: str = PASSWORD
) -> httpx2.Response:
    """Try to change the e-mail address."""
    return await client.post(
        CHANGE_EMAIL, json={"email": email, "current_password": password}
    )


def secrets_of(login: httpx2.Response) -> list[str]:
    """Give what the answer to a login holds that nobody else may know: its long random texts."""
    secrets = re.findall(r"[\w.-]{43,}", f"{login.text} {login.headers}")
    assert secrets
    return secrets


def comparable(response: httpx2.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Give all that an answer consists of, but for what names and dates the request."""
    headers = steady_headers(response)
    body = response.json() | {"request_id": "", "timestamp": ""}
    return response.status_code, headers, body
