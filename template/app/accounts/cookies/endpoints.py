"""Endpoints for logging in and out by a cookie."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, status

from app.accounts.cookies.providers import CookieSessionServiceDep, SessionCookiesDep
from app.accounts.cookies.schemas import CookieSessionRead
from app.accounts.dependencies import CurrentPrincipal
from app.accounts.openapi import account_responses
from app.accounts.providers import AuthServiceDep, AuthSessionServiceDep
from app.accounts.schemas.account import Credentials

router = APIRouter(prefix="/auth", tags=["auth"], responses=account_responses(401))


@router.post("/login", responses=account_responses(403, 413, 429))
async def log_in(
    data: Annotated[Credentials, Form()],
    auth: AuthServiceDep,
    sessions: CookieSessionServiceDep,
    cookies: SessionCookiesDep,
    response: Response,
) -> CookieSessionRead:
    """Log in by e-mail address or user name: begin a session, which a cookie holds."""
    open_sessions = await auth.log_in(data, sessions.open)
    csrf_token = cookies.write(response, open_sessions.secret)
    return CookieSessionRead(csrf_token=csrf_token, expires_at=open_sessions.expires_at)


@router.get("/session")
async def get_current_session(
    caller: CurrentPrincipal, cookies: SessionCookiesDep, request: Request
) -> CookieSessionRead:
    """Read the token and the end of this session, in a page that was loaded anew."""
    csrf_token = cookies.csrf_token_of(request)
    return CookieSessionRead(
        csrf_token=csrf_token, expires_at=caller.session.expires_at
    )


@router.post(
    "/logout", status_code=status.HTTP_204_NO_CONTENT, responses=account_responses(403)
)
async def log_out(
    caller: CurrentPrincipal,
    sessions: AuthSessionServiceDep,
    cookies: SessionCookiesDep,
    response: Response,
) -> None:
    """End this session: its cookie stops working at once."""
    await sessions.log_out(caller)
    cookies.delete(response)
