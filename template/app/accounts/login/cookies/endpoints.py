"""Endpoints for logging in and out by a cookie."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import Field

from app.accounts.dependencies import CurrentPrincipal
from app.accounts.errors import account_responses, no_content
from app.accounts.login.cookies.csrf import SessionCookies, session_id_of
from app.accounts.login.cookies.service import CookieSessionService
from app.accounts.providers import AuthServiceDep, AuthSessionServiceDep, ClientInfoDep
from app.accounts.schemas import Credentials
from app.accounts.settings import AccountsSettings
from app.core.schemas import ResponseSchema

router = APIRouter(prefix="/auth", tags=["auth"], responses=account_responses(401))


class CookieSessionRead(ResponseSchema):
    """What a page needs to know of its session; the cookie itself it cannot read."""

    csrf_token: str = Field(
        description="Goes into the header `X-CSRF-Token` of every request that changes "
        "something."
    )
    expires_at: datetime = Field(description="When the session ends unless it is used.")


async def get_cookies(request: Request) -> SessionCookies:
    """Provide what writes and reads cookies."""
    cookies: SessionCookies = request.app.state.session_cookies
    return cookies


SessionCookiesDep = Annotated[SessionCookies, Depends(get_cookies)]


async def get_cookie_session_service(
    request: Request, cookies: SessionCookiesDep, client: ClientInfoDep
) -> CookieSessionService:
    """Provide the service for cookie sessions."""
    settings: AccountsSettings = request.app.state.settings
    secret = cookies.read(request)
    former = session_id_of(secret) if secret else None
    return CookieSessionService(settings.accounts, client, cookies.mint, former)


CookieSessionServiceDep = Annotated[
    CookieSessionService, Depends(get_cookie_session_service)
]


@router.post("/login", responses=account_responses(403, 429))
async def log_in(
    data: Annotated[Credentials, Form()],
    auth: AuthServiceDep,
    sessions: CookieSessionServiceDep,
    cookies: SessionCookiesDep,
    response: Response,
) -> CookieSessionRead:
    """Log in by e-mail address or user name: begin a session, which a cookie holds."""
    opened = await auth.log_in(data, sessions.open)
    csrf_token = cookies.write(response, opened.secret)
    return CookieSessionRead(csrf_token=csrf_token, expires_at=opened.expires_at)


@router.get("/session")
async def get_own_session(
    principal: CurrentPrincipal, cookies: SessionCookiesDep, request: Request
) -> CookieSessionRead:
    """Read the token and the end of this session, in a page that was loaded anew."""
    return CookieSessionRead(
        csrf_token=cookies.csrf_token_of(request),
        expires_at=principal.session.expires_at,
    )


@router.post("/logout", **no_content(403))
async def log_out(
    sessions: AuthSessionServiceDep, cookies: SessionCookiesDep, response: Response
) -> None:
    """End this session: its cookie stops working at once."""
    await sessions.log_out()
    cookies.delete(response)
