"""Endpoints for logging in and out by tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request

from app.accounts.dependencies import CurrentPrincipal
from app.accounts.errors import account_responses, no_content
from app.accounts.login.tokens.schemas import LoginForm, RefreshRequest, TokenRead
from app.accounts.login.tokens.service import TokenService
from app.accounts.providers import AuthServiceDep, AuthSessionServiceDep, PartsDep

router = APIRouter(prefix="/auth", tags=["auth"], responses=account_responses(401))


async def get_token_service(request: Request, parts: PartsDep) -> TokenService:
    """Provide the service for tokens."""
    return TokenService(**parts, access_tokens=request.app.state.access_tokens)


TokenServiceDep = Annotated[TokenService, Depends(get_token_service)]


@router.post("/login", responses=account_responses(429))
async def log_in(
    data: Annotated[LoginForm, Form()], auth: AuthServiceDep, tokens: TokenServiceDep
) -> TokenRead:
    """Log in by e-mail address or user name.

    Begin a session, and get its first tokens.
    """
    return await auth.log_in(data, tokens.open)


@router.post("/refresh", responses=account_responses(429))
async def refresh_tokens(data: RefreshRequest, tokens: TokenServiceDep) -> TokenRead:
    """Exchange a refresh token for the next pair; using one twice ends the session."""
    return await tokens.refresh(data.refresh_token)


@router.post("/logout", **no_content())
async def log_out(principal: CurrentPrincipal, sessions: AuthSessionServiceDep) -> None:
    """End this session: its tokens stop working at once."""
    await sessions.log_out(principal)
