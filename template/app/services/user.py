"""Rules for users."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core.errors import ConflictError, NotFoundError
from app.core.security.audit import AuditAction
from app.core.security.errors import ForbiddenError
from app.core.security.origin import Origin
from app.core.security.scopes import ADMIN_ROLES, ROLE_SCOPES
from app.crud.base import Listing
from app.crud.unit_of_work import UnitOfWork
from app.models.user import User
from app.schemas.user import ProfileUpdate, UserQuery, UserUpdate
from app.services.caller import Caller


class UserService:
    """Applies the rules for users.

    Args:
        unit: The tables, in the request's transaction.
        origin: Where the request comes from.
        fresh_lifetime: How long a login is fresh enough for deleting the account.
    """

    def __init__(self, unit: UnitOfWork, origin: Origin, fresh_lifetime: timedelta) -> None:
        self._unit = unit
        self._origin = origin
        self._fresh_lifetime = fresh_lifetime

    async def update_profile(self, caller: Caller, data: ProfileUpdate) -> User:
        """Change what the caller can change about itself.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            DBAPIError: If the user name is taken; becomes 409.
        """
        caller.require_all_scopes()
        changes = data.model_dump(exclude_unset=True)
        if any(getattr(caller.user, name) != value for name, value in changes.items()):
            await self._record(AuditAction.PROFILE_CHANGED, caller.user.id, caller)
        return await self._unit.users.update(caller.user, changes)

    async def delete_account(self, caller: Caller) -> None:
        """Delete the caller's account and everything that belongs to it.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            StaleLoginError: If the last login is too long ago.
            NotFoundError: If another request has just done so.
            ConflictError: If nobody else could administrate.
        """
        caller.require_all_scopes()
        caller.require_fresh_login(self._fresh_lifetime)
        await self._keep_an_admin(caller.user)
        if await self._unit.users.get(caller.user.id, for_update=True) is None:
            raise NotFoundError("There is no such user.")
        await self._unit.users.delete(caller.user)
        await self._record(AuditAction.ACCOUNT_DELETED, caller.user.id, caller)

    async def list(self, query: UserQuery) -> Listing[User]:
        """List users."""
        return await self._unit.users.list(query)

    async def get(self, user_id: UUID) -> User:
        """Find a user.

        Raises:
            NotFoundError: If there is none.
        """
        user = await self._unit.users.get(user_id)
        if user is None:
            raise NotFoundError("There is no such user.")
        return user

    async def update(self, caller: Caller, user_id: UUID, data: UserUpdate) -> User:
        """Change a user's role, or disable the user and end all sessions.

        Raises:
            NotFoundError: If there is none.
            ForbiddenError: If the user may do more than the caller, before the change or after it.
            ConflictError: If nobody could administrate afterwards.
        """
        user = await self.get(user_id)
        if user.is_superuser and not caller.user.is_superuser:
            raise ForbiddenError("Only a superuser may change a superuser.")
        changes = data.model_dump(exclude_unset=True)
        role = changes.get("role", user.role)
        needed = (ROLE_SCOPES.get(one, frozenset()) for one in (user.role, role))
        if not all(caller.scopes >= scopes for scopes in needed):
            raise ForbiddenError("Only who has all scopes of a user's role may change the user.")
        is_demoted = role not in ADMIN_ROLES and not user.is_superuser
        if is_demoted or changes.get("is_active") is False:
            await self._keep_an_admin(user)
        for action in actions_of(user, changes):
            await self._record(action, user.id, caller)
        user = await self._unit.users.update(user, changes)
        if not user.is_active:
            await self._unit.auth_sessions.end_all(user.id)
        return user

    async def _record(self, action: AuditAction, user_id: UUID, caller: Caller) -> None:
        events = self._unit.audit_events
        await events.record(action, user_id, self._origin, actor_id=caller.user.id)

    async def _keep_an_admin(self, leaving: User) -> None:
        if await self._unit.users.lock_admins() == {leaving.id}:
            raise ConflictError("This is the last user who can administrate; name another first.")


def actions_of(user: User, changes: Mapping[str, Any]) -> Iterator[AuditAction]:
    """Name what an administrator does to a user; what stays as it was is no event."""
    if changes.get("role", user.role) != user.role:
        yield AuditAction.ROLE_CHANGED
    if changes.get("is_active", user.is_active) != user.is_active:
        yield AuditAction.USER_ENABLED if changes["is_active"] else AuditAction.USER_DISABLED
