"""Whom an administrator can reach, and who must stay."""

from collections.abc import Set
from uuid import UUID

from app.core.errors import ConflictError
from app.core.security.errors import ForbiddenError
from app.core.security.scopes import effective_scopes
from app.models.user import User
from app.services.caller import Caller


def require_reach(caller: Caller, user: User, role: str | None = None) -> None:
    """Make sure that a caller may do all that a user may.

    Args:
        caller: Who administrates, in a session that may have been begun for some scopes only.
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
        raise ForbiddenError("Only who has all scopes of a user's role may administrate the user.")


def require_another_admin(admins: Set[UUID], leaving: User) -> None:
    """Make sure that somebody can still administrate when a user leaves.

    Args:
        admins: All who can, locked until the user has left.
        leaving: Who is demoted, disabled or deleted.

    Raises:
        ConflictError: If nobody else can.
    """
    if admins == {leaving.id}:
        raise ConflictError("This is the last user who can administrate; name another first.")
