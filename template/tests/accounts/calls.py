"""Calls that many tests of accounts make."""

from itertools import count
from typing import Any

import httpx2

from tests.fixtures.users import PASSWORD

REGISTER = "/api/v1/auth/register"
LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
ME = "/api/v1/users/me"
CHANGE_PASSWORD = "/api/v1/users/me/password"
USERS = "/api/v1/users"

numbers = count(1)


def registration(**values: Any) -> dict[str, Any]:
    """Give what somebody registers with; no other has the name or the address."""
    name = f"new{next(numbers)}"
    return {"email": f"{name}@example.com", "username": name, "password": PASSWORD} | values


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


def comparable(response: httpx2.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Give all that an answer consists of, but for what names and dates the request."""
    headers = {name: text for name, text in response.headers.items() if name != "x-request-id"}
    body = response.json() | {"request_id": "", "timestamp": ""}
    return response.status_code, headers, body
