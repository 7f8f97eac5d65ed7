"""Endpoints for logging in and out by tokens."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from pydantic import Field

from app.accounts.errors import account_responses, no_content
from app.accounts.login.tokens.service import TokenRead, TokenService
from app.accounts.providers import AuthServiceDep, AuthSessionServiceDep, PartsDep
from app.accounts.schemas import Credentials
from app.core.fields.text import PlainText
from app.core.schemas import RequestSchema

router = APIRouter(prefix="/auth", tags=["auth"], responses=account_responses(401))

Unused = Annotated[str, PlainText(1000)]


class LoginForm(Credentials):
    """Credentials, as OAuth 2.0 wants them (RFC 6749, section 4.3.2)."""

    grant_type: Literal["password"] = "password"
    client_id: Unused | None = Field(None, description="Not used.", examples=[""])
    client_secret: Unused | None = Field(None, description="Not used.", examples=[""])


class RefreshRequest(RequestSchema):
    """A refresh token that is exchanged for a new pair."""

    refresh_token: Annotated[str, PlainText(4096, required=True)] = Field(
        description="The last refresh token; it can be used once."
    )


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
async def log_out(sessions: AuthSessionServiceDep) -> None:
    """End this session: its tokens stop working at once."""
    await sessions.log_out()
