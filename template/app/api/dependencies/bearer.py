"""Credentials of a request: an access token in the `Authorization` header (RFC 6750)."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.utils import get_authorization_scheme_param

from app.core.security.errors import CHALLENGE, CHALLENGE_INVALID, UnauthorizedError
from app.core.security.jwt import AccessClaims, AccessTokens, InvalidTokenError
from app.core.security.scopes import SCOPES

# Relative, so that the documentation finds it behind a proxy with a prefix too.
scheme = OAuth2PasswordBearer(
    tokenUrl="api/v1/auth/login",
    refreshUrl="api/v1/auth/refresh",
    scopes=SCOPES,
    scheme_name="login",
    auto_error=False,
)
"""Puts the lock and the Authorize button into the documentation; `get_claims` does the work."""


async def get_claims(request: Request) -> AccessClaims:
    """Read the access token, before any connection to the database is taken.

    Raises:
        UnauthorizedError: If there is none, or it is not valid.
    """
    kind, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    if kind.lower() != "bearer" or not token:
        raise UnauthorizedError("Log in first.", headers=CHALLENGE)
    tokens: AccessTokens = request.app.state.access_tokens
    try:
        return tokens.read(token)
    except InvalidTokenError:
        raise UnauthorizedError(
            "The access token is not valid.", headers=CHALLENGE_INVALID
        ) from None


ClaimsDep = Annotated[AccessClaims, Depends(get_claims)]
