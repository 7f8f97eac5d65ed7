"""Credentials of a request: an access token in the `Authorization` header (RFC 6750)."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.utils import get_authorization_scheme_param

from app.accounts.claims import Claims
from app.accounts.errors import (
    InsufficientScopeError,
    InvalidSessionError,
    UnauthorizedError,
)
from app.accounts.scopes import SCOPES
from app.config import Settings
from app.core.errors import AppError
from app.core.security.jwt import AccessTokens, InvalidTokenError

# Relative, so that the documentation finds it behind a proxy with a prefix too.
scheme = OAuth2PasswordBearer(
    tokenUrl="api/v1/auth/login",
    refreshUrl="api/v1/auth/refresh",
    scopes=SCOPES,
    scheme_name="login",
    auto_error=False,
)
"""Puts the lock and the Authorize button into the documentation; `get_claims` does the work."""


def read_claims(request: Request) -> Claims:
    """Read the access token, before any connection to the database is taken.

    Raises:
        UnauthorizedError: If there is none, or it is not valid.
    """
    kind, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    if kind.lower() != "bearer" or not token:
        raise UnauthorizedError("Log in first.")
    tokens: AccessTokens = request.app.state.access_tokens
    try:
        return tokens.read(token)
    except InvalidTokenError:
        raise InvalidSessionError("The access token is not valid.") from None


async def get_claims(request: Request) -> Claims:
    """Give what the access token says."""
    return read_claims(request)


ClaimsDep = Annotated[Claims, Depends(get_claims)]


def challenge(error: AppError) -> dict[str, str]:
    """Say how to log in; who has shown no token is not told that it is invalid (section 3)."""
    if isinstance(error, InsufficientScopeError):
        return {
            "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'
        }
    if isinstance(error, InvalidSessionError):
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    return (
        {"WWW-Authenticate": "Bearer"} if isinstance(error, UnauthorizedError) else {}
    )


def register_credentials(app: FastAPI, settings: Settings) -> None:
    """Prepare the keys: tokens are signed with the first."""
    keys = [settings.secret_key, *settings.jwt.previous_secret_keys]
    app.state.access_tokens = AccessTokens(
        [key.get_secret_value() for key in keys],
        issuer=settings.jwt.issuer or settings.project_name,
        audience=settings.jwt.audience or settings.project_name,
        lifetime=settings.jwt.lifetime,
    )
