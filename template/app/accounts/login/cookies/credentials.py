"""A session cookie and, for changes, a token against forgery."""

from collections.abc import AsyncIterator
from datetime import datetime

from fastapi import Depends, FastAPI
from fastapi.security import APIKeyCookie
from sqlalchemy.orm import InstrumentedAttribute
from starlette.requests import HTTPConnection

from app.accounts.crud import unit_of_work_factory
from app.accounts.errors import UnauthorizedError
from app.accounts.login.cookies.csrf import (
    CSRF_HEADER,
    CSRF_SCRIPT,
    ForgedRequestError,
    SessionCookies,
    check_origin,
    document_cookies,
    session_id_of,
    user_id_of,
)
from app.accounts.login.cookies.service import note_use
from app.accounts.principal import Claims, Credential
from app.accounts.settings import AccountsSettings
from app.core.errors import AppError
from app.core.http.request import SAFE_METHODS

EXPIRING: tuple[InstrumentedAttribute[datetime], ...] = ()


class LoginCredential(Credential):
    """Reads session cookies; whose session has ended is asked of the database."""

    scheme = APIKeyCookie(
        name="session",
        scheme_name="session",
        description="Log in with `POST /api/v1/auth/login`: the browser keeps the "
        "cookie.",
        auto_error=False,
    )

    def read(self, request: HTTPConnection) -> Claims | None:
        """Return what a genuine cookie says; `None` if there is none of ours."""
        cookies: SessionCookies = request.app.state.session_cookies
        secret = cookies.read(request)
        if secret is None:
            return None
        return Claims(session_id_of(secret), user_id_of(secret))

    def guard(self, request: HTTPConnection) -> None:
        """Refuse a change without the session's token.

        Raises:
            ForgedRequestError: If it is missing or wrong.
        """
        cookies: SessionCookies = request.app.state.session_cookies
        secret = cookies.read(request) or ""
        is_change = request.scope["method"] not in SAFE_METHODS
        if is_change and not cookies.fits(secret, request.headers.get(CSRF_HEADER, "")):
            raise ForgedRequestError(
                f"Send the session's csrf_token in the header {CSRF_HEADER}."
            )

    def challenge(self, error: AppError) -> str | None:
        """Return how to log in."""
        return "Cookie" if isinstance(error, UnauthorizedError) else None


async def watch_cookies(request: HTTPConnection) -> AsyncIterator[None]:
    """Refuse changes by other origins; when a session was used, note it afterwards.

    Every operation is guarded, those that need no session too: a login can be forged as
    well.
    """
    settings: AccountsSettings = request.app.state.settings
    check_origin(request, settings.cors.allow_origins)
    yield
    principal = getattr(request.state, "principal", None)
    if principal:
        # By now the request's own transaction is over: this one waits for nothing that
        # waits for it.
        begin = unit_of_work_factory(request.app.state.sessions)
        interval = settings.cookies.use_interval
        await note_use(begin, principal.session, settings.accounts, interval)


def register_credentials(app: FastAPI, settings: AccountsSettings) -> None:
    """Prepare the cookies, and guard all routes that are added from here on."""
    app.state.session_cookies = cookies = SessionCookies(
        settings.secret_key.get_secret_value(),
        is_secure=settings.in_production,
        same_site=settings.cookies.same_site,
        max_age=round(settings.accounts.session_lifetime.total_seconds()),
        root_path=settings.server.root_path,
    )
    app.state.docs_scripts = (CSRF_SCRIPT % cookies.csrf_name,)
    app.router.dependencies.append(Depends(watch_cookies))
    document_cookies(app, cookies)
