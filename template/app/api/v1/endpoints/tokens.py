"""Endpoints for logging in by tokens."""

from typing import Annotated

from fastapi import APIRouter, Form

from app.api.dependencies.accounts import AuthServiceDep, TokenServiceDep
from app.core.security.responses import account_responses
from app.schemas.token import LoginForm, RefreshRequest, TokenRead
from app.services.token import TokenPair

router = APIRouter(prefix="/auth", tags=["auth"], responses=account_responses(401, 413, 429))


@router.post("/login", response_model=TokenRead)
async def log_in(data: Annotated[LoginForm, Form()], auth: AuthServiceDep) -> TokenPair:
    """Log in by e-mail address or user name: begin a session, and get its first tokens."""
    return await auth.log_in(data.username, data.password.get_secret_value(), data.scope)


@router.post("/refresh", response_model=TokenRead)
async def refresh_tokens(data: RefreshRequest, tokens: TokenServiceDep) -> TokenPair:
    """Exchange a refresh token for the next pair; using one twice ends the session."""
    return await tokens.refresh(data.refresh_token)
