"""Cookies and the token against forgery, as browsers and pages use them."""

from http.cookies import Morsel, SimpleCookie

import httpx2
from fastapi import FastAPI

TOKEN = "X-CSRF-Token"


def cookie(secret: str) -> dict[str, str]:
    """Give the header by which a browser shows a session."""
    return {"Cookie": f"session={secret}"}


def secret_of(headers: dict[str, str]) -> str:
    """Give the secret that headers show."""
    return headers["Cookie"].removeprefix("session=")


def whole(app: FastAPI, secret: str) -> dict[str, str]:
    """Give all headers that a change needs in a session."""
    return cookie(secret) | {TOKEN: app.state.session_cookies.csrf_token(secret)}


def set_cookies(response: httpx2.Response) -> dict[str, Morsel[str]]:
    """Read which cookies an answer sets."""
    lines = response.headers.get_list("Set-Cookie")
    return {name: one for line in lines for name, one in SimpleCookie(line).items()}
