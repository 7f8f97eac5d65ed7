"""An access token in the `Authorization` header (RFC 6750)."""

from fastapi import FastAPI
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import HTTPConnection

from app.accounts.errors import (
    InsufficientScopeError,
    InvalidSessionError,
    UnauthorizedError,
)
from app.accounts.login.tokens.models import RefreshToken
from app.accounts.principal import Claims, Credential
from app.accounts.scopes import SCOPES
from app.accounts.settings import AccountsSettings
from app.core.errors import AppError
from app.core.security.jwt import AccessTokens, InvalidTokenError

EXPIRING = (RefreshToken.expires_at,)


class LoginCredential(Credential):
    """Reads access tokens; whose session has ended is asked of the database."""

    # Relative, so that the documentation finds it behind a proxy with a prefix too.
    scheme = OAuth2PasswordBearer(
        tokenUrl="api/v1/auth/login",
        refreshUrl="api/v1/auth/refresh",
        scopes=SCOPES,
        scheme_name="login",
        auto_error=False,
    )

    def read(self, request: HTTPConnection) -> Claims | None:
        """Return what a genuine token says; `None` if there is none."""
        header = request.headers.get("Authorization")
        kind, token = get_authorization_scheme_param(header)
        if request.scope["type"] == "websocket" and not header:
            # Pages cannot set the header: `new WebSocket(url, ["bearer", token])`.
            kind, _, token = ",".join(request.scope["subprotocols"]).partition(",")
        if kind.lower() != "bearer" or not token:
            return None
        tokens: AccessTokens = request.app.state.access_tokens
        try:
            claims = tokens.read(token)
        except InvalidTokenError:
            raise InvalidSessionError("The access token is not valid.") from None
        return Claims(claims.sid, claims.sub)

    def challenge(self, error: AppError) -> str | None:
        """Return the challenge; without a token, none is called invalid."""
        if isinstance(error, InsufficientScopeError):
            return f'Bearer error="insufficient_scope", scope="{error.scope}"'
        if isinstance(error, InvalidSessionError):
            return 'Bearer error="invalid_token"'
        return "Bearer" if isinstance(error, UnauthorizedError) else None


def register_credentials(app: FastAPI, settings: AccountsSettings) -> None:
    """Prepare the keys: tokens are signed with the first."""
    keys = [settings.secret_key, *settings.jwt.previous_secret_keys]
    app.state.access_tokens = AccessTokens(
        [key.get_secret_value() for key in keys],
        issuer=settings.jwt.issuer or settings.project_name,
        audience=settings.jwt.audience or settings.project_name,
        lifetime=settings.jwt.lifetime,
    )
