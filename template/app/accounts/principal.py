"""Whom an administrator can reach, and who must stay."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.accounts.audit import AuditAction
from app.accounts.claims import Claims
from app.accounts.crud.auth_session import AuthSessionRepository
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.errors import (
    ForbiddenError,
    InvalidSessionError,
    NarrowSessionError,
    StaleLoginError,
)
from app.accounts.models.account import AuthSession, User
from app.accounts.scopes import effective_scopes
from app.core.errors import ConflictError
from app.core.http.client import ClientInfo


@dataclass(frozen=True)
class Principal:
    """A user, and the session in which a request is made."""

    user: User
    session: AuthSession

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller may do, as the role is now."""
        return effective_scopes(
            self.user.role,
            is_superuser=self.user.is_superuser,
            requested=self.session.scope,
        )

    def require_all_scopes(self) -> None:
        """Make sure that the session may do all that its user may: the account is at stake.

        Raises:
            NarrowSessionError: If the client asked for less when it logged in.
        """
        if self.scopes != effective_scopes(
            self.user.role, is_superuser=self.user.is_superuser
        ):
            raise NarrowSessionError

    def require_fresh_login(self, lifetime: timedelta) -> None:
        """Make sure that the user has given the password lately.

        Raises:
            StaleLoginError: If that is too long ago.
        """
        if self.session.created_at + lifetime < datetime.now(UTC):
            raise StaleLoginError


async def identify(sessions: AuthSessionRepository, claims: Claims) -> Principal:
    """Find the session of a request.

    Raises:
        InvalidSessionError: If there is none, it has ended, or its user is gone or
            disabled.
    """
    found = await sessions.find_principal(claims)
    if found is None:
        raise InvalidSessionError("This session has ended; log in again.")
    return Principal(*found)


async def record_action(
    unit: UnitOfWork,
    action: AuditAction,
    caller: Principal,
    origin: ClientInfo,
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
    await unit.audit_events.record(
        action, user_id or actor_id, origin, actor_id=actor_id
    )


def require_can_manage(caller: Principal, user: User, role: str | None = None) -> None:
    """Make sure that a caller may do all that a user may.

    Args:
        caller: Who administrates, in a session that may have been begun for some scopes
            only.
        user: Whom it concerns.
        role: What the user's role is to be, if it is to change.

    Raises:
        ForbiddenError: If the user may do more, now or in the new role.
    """
    if user.is_superuser and not caller.user.is_superuser:
        raise ForbiddenError("Only a superuser may administrate a superuser.")
    roles = (user.role, role or user.role)
    needed = (effective_scopes(one, is_superuser=user.is_superuser) for one in roles)
    if not all(caller.scopes >= scopes for scopes in needed):
        raise ForbiddenError(
            "Only who has all scopes of a user's role may administrate the user."
        )


def require_another_admin(admins: Set[UUID], leaving: User) -> None:
    """Make sure that somebody can still administrate when a user leaves.

    Args:
        admins: All who can, locked until the user has left.
        leaving: Who is demoted, disabled or deleted.

    Raises:
        ConflictError: If nobody else can.
    """
    if admins == {leaving.id}:
        raise ConflictError(
            "This is the last user who can administrate; name another first."
        )
