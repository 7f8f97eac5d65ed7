"""Credentials of a request: a session cookie and, for changes, a token against forgery."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import APIKeyCookie

from app.accounts.claims import Claims
from app.accounts.cookies.csrf import (
    CSRF_HEADER,
    ForgedRequestError,
    SessionCookies,
    check_origin,
    document_cookies,
    session_id_of,
    user_id_of,
)
from app.accounts.cookies.service import note_use
from app.accounts.crud.unit_of_work import unit_of_work_factory
from app.accounts.errors import UnauthorizedError
from app.accounts.providers import SettingsDep
from app.config import Settings
from app.core.errors import AppError
from app.core.http.scope import SAFE_METHODS

scheme = APIKeyCookie(
    name="session",
    scheme_name="session",
    description="Log in with `POST /api/v1/auth/login`: the browser keeps the cookie.",
    auto_error=False,
)
"""Puts the lock into the documentation; `get_claims` does the work."""


def read_secret(request: Request) -> str:
    """Read the cookie.

    Raises:
        UnauthorizedError: If there is none, or it is not one of ours.
    """
    cookies: SessionCookies = request.app.state.session_cookies
    secret = cookies.read(request)
    if secret is None:
        raise UnauthorizedError("Log in first.")
    return secret


def read_claims(request: Request) -> Claims:
    """Read what the cookie says, before any connection to the database is taken.

    Raises:
        UnauthorizedError: If there is none, or it is not one of ours.
    """
    return claims_of(read_secret(request))


def claims_of(secret: str) -> Claims:
    """Give what a genuine secret says."""
    return Claims(session_id_of(secret), user_id_of(secret))


async def get_claims(request: Request, settings: SettingsDep) -> AsyncIterator[Claims]:
    """Read the cookie; when the request has been answered, note that its session is in use.

    Raises:
        UnauthorizedError: If there is none, or it is not one of ours.
        ForgedRequestError: If a change comes without the session's token.
    """
    cookies: SessionCookies = request.app.state.session_cookies
    secret = read_secret(request)
    is_change = request.method not in SAFE_METHODS
    if is_change and not cookies.fits(secret, request.headers.get(CSRF_HEADER, "")):
        raise ForgedRequestError(
            f"Send the session's csrf_token in the header {CSRF_HEADER}."
        )
    yield claims_of(secret)
    # By now the request's own transaction is over: this one waits for nothing that
    # waits for it.
    begin = unit_of_work_factory(request.app.state.sessions)
    interval = settings.cookies.use_interval
    await note_use(begin, request.state.auth_session, settings.accounts, interval)


ClaimsDep = Annotated[Claims, Depends(get_claims)]


async def refuse_foreign_origins(request: Request, settings: SettingsDep) -> None:
    """Guard every operation, those that need no session too: a login can be forged as well."""
    check_origin(request, settings.cors.allow_origins)


def challenge(error: AppError) -> dict[str, str]:
    """Say how to log in."""
    return (
        {"WWW-Authenticate": "Cookie"} if isinstance(error, UnauthorizedError) else {}
    )


def register_credentials(app: FastAPI, settings: Settings) -> None:
    """Prepare the cookies, and guard all routes that are added from here on."""
    app.state.session_cookies = SessionCookies(
        settings.secret_key.get_secret_value(),
        is_secure=settings.in_production,
        same_site=settings.cookies.same_site,
        max_age=round(settings.accounts.session_lifetime.total_seconds()),
    )
    app.router.dependencies.append(Depends(refuse_foreign_origins))
    document_cookies(app, app.state.session_cookies)
