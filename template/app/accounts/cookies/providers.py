"""The service for cookie sessions, with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.cookies.csrf import SessionCookies, session_id_of
from app.accounts.cookies.service import CookieSessionService
from app.accounts.providers import ClientInfoDep, SettingsDep


async def get_cookies(request: Request) -> SessionCookies:
    """Provide what writes and reads cookies."""
    cookies: SessionCookies = request.app.state.session_cookies
    return cookies


SessionCookiesDep = Annotated[SessionCookies, Depends(get_cookies)]


async def get_cookie_session_service(
    request: Request,
    cookies: SessionCookiesDep,
    settings: SettingsDep,
    origin: ClientInfoDep,
) -> CookieSessionService:
    """Provide the service for cookie sessions."""
    secret = cookies.read(request)
    former = session_id_of(secret) if secret else None
    return CookieSessionService(settings.accounts, origin, cookies.mint, former)


CookieSessionServiceDep = Annotated[
    CookieSessionService, Depends(get_cookie_session_service)
]
