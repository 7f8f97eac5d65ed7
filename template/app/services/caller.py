"""Who is calling."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core.security.audit import AuditAction
from app.core.security.claims import Claims
from app.core.security.errors import InvalidSessionError, NarrowSessionError, StaleLoginError
from app.core.security.origin import Origin
from app.core.security.scopes import effective_scopes
from app.crud.auth_session import AuthSessionRepository
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


async def identify(sessions: AuthSessionRepository, claims: Claims) -> Caller:
    """Find the session of a request.

    Raises:
        InvalidSessionError: If there is none, it has ended, or its user is gone or disabled.
    """
    found = await sessions.find_caller(claims)
    if found is None:
        raise InvalidSessionError("This session has ended; log in again.")
    return Caller(*found)


async def record_act(
    unit: UnitOfWork,
    action: AuditAction,
    caller: Caller,
    origin: Origin,
    *,
    user_id: UUID | None = None,
) -> None:
    """Record what a caller has done.

    Args:
        unit: The unit of work in which it is done.
        action: What it is.
        caller: Who has done it.
        origin: Where the request comes from.
        user_id: Whose account it concerns, if it is not the caller's own.
    """
    actor_id = caller.user.id
    await unit.audit_events.record(action, user_id or actor_id, origin, actor_id=actor_id)
