"""Who calls: the credentials of a request, and the principal that they stand for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from starlette.requests import HTTPConnection

from app.accounts.crud import UnitOfWork
from app.accounts.errors import (
    InvalidSessionError,
    PartialSessionError,
    StaleLoginError,
)
from app.accounts.models import AuthSession, User
from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Claims:
    """What credentials say before the database is asked: the user, and the session."""

    session_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class Principal:
    """The user for whom a request is made, and in which session."""

    user: User
    session: AuthSession

    @property
    def scopes(self) -> frozenset[str]:
        """What the principal may do."""
        return self.session.scopes_of(self.user)

    def require_all_scopes(self) -> None:
        """Raise `PartialSessionError` if the client asked for less at the login."""
        if self.scopes != self.user.scopes:
            raise PartialSessionError("This needs a login that asked for no scopes.")

    def require_fresh_login(self, lifetime: timedelta) -> None:
        """Raise `StaleLoginError` if the user gave the password too long ago."""
        if self.session.created_at + lifetime < datetime.now(UTC):
            raise StaleLoginError("Log in again first: this needs a recent login.")


class Credential:
    """A kind of credentials; `app.accounts.credentials` lists those that are tried.

    Attributes:
        scheme: Shows it in the documentation, a class of `fastapi.security`.
    """

    scheme: ClassVar[Any]

    def read(self, request: HTTPConnection) -> Claims | None:
        """Return what genuine credentials say; `None` if there are none of this kind.

        Raises:
            InvalidSessionError: If there are some, and they are not valid.
        """
        raise NotImplementedError

    def guard(self, request: HTTPConnection) -> None:
        """Refuse a request that its user may not have meant to send."""

    def challenge(self, error: AppError) -> str | None:
        """Return the `WWW-Authenticate` header for an error (RFC 9110, 11.6.1)."""
        raise NotImplementedError

    async def identify(self, unit: UnitOfWork, claims: Claims) -> Principal:
        """Find the user, and the session that has not ended.

        Raises:
            InvalidSessionError: If it has ended, or its user is gone or disabled.
        """
        found = await unit.auth_sessions.find_live(claims.session_id, claims.user_id)
        if found is None:
            raise InvalidSessionError("This session has ended; log in again.")
        return Principal(*found)
