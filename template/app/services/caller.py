"""Who is calling."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.core.security.errors import (
    CHALLENGE_INVALID,
    NarrowSessionError,
    StaleLoginError,
    UnauthorizedError,
)
from app.core.security.jwt import AccessClaims
from app.core.security.scopes import effective_scopes
from app.crud.unit_of_work import UnitOfWork
from app.models.auth_session import AuthSession
from app.models.user import User


@dataclass(frozen=True)
class Caller:
    """A user, and the session in which a request is made."""

    user: User
    session: AuthSession

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller may do, as the role is now."""
        return effective_scopes(
            self.user.role, is_superuser=self.user.is_superuser, requested=self.session.scope
        )

    def require_all_scopes(self) -> None:
        """Make sure that the session may do all that its user may: the account is at stake.

        Raises:
            NarrowSessionError: If the client asked for less when it logged in.
        """
        if self.scopes != effective_scopes(self.user.role, is_superuser=self.user.is_superuser):
            raise NarrowSessionError

    def require_fresh_login(self, lifetime: timedelta) -> None:
        """Make sure that the user has given the password lately.

        Raises:
            StaleLoginError: If that is too long ago.
        """
        if self.session.created_at + lifetime < datetime.now(UTC):
            raise StaleLoginError


async def identify(unit: UnitOfWork, claims: AccessClaims) -> Caller:
    """Find the session of a token, which may have ended since the token was signed.

    Raises:
        UnauthorizedError: If it has, or its user is gone or disabled.
    """
    found = await unit.auth_sessions.find_caller(claims.session_id, claims.user_id)
    if found is None:
        raise UnauthorizedError("This session has ended; log in again.", headers=CHALLENGE_INVALID)
    return Caller(*found)
