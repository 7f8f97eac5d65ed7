"""Administrating users."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.errors import ConflictError, NotFoundError
from app.core.mail.purposes import MailPurpose
from app.core.security.audit import AuditAction
from app.core.security.origin import Origin
from app.core.security.scopes import ADMIN_ROLES
from app.crud.base import Listing
from app.crud.unit_of_work import UnitOfWork
from app.models.user import User
from app.schemas.auth_session import AuthSessionRead
from app.schemas.user import UserQuery, UserUpdate
from app.services.administrators import require_another_admin, require_reach
from app.services.auth_session import list_sessions
from app.services.caller import Caller, record_act
from app.services.mail_links import end_links


class UserAdministrationService:
    """Lets administrators look after users who may do no more than they.

    Args:
        unit: The tables, in the request's transaction.
        origin: Where the request comes from.
    """

    def __init__(self, unit: UnitOfWork, origin: Origin) -> None:
        self._unit = unit
        self._origin = origin

    async def list(self, query: UserQuery) -> Listing[User]:
        """List users."""
        return await self._unit.users.list(query)

    async def get(self, user_id: UUID, *, for_update: bool = False) -> User:
        """Find a user.

        Raises:
            NotFoundError: If there is none.
        """
        user = await self._unit.users.get(user_id, for_update=for_update)
        if user is None:
            raise NotFoundError("There is no such user.")
        return user

    async def update(self, caller: Caller, user_id: UUID, data: UserUpdate) -> User:
        """Change a user's role, or disable the user, whose sessions and mailed links end.

        Raises:
            NotFoundError: If there is none.
            ForbiddenError: If the user may do more than the caller, before the change or after it.
            ConflictError: If nobody could administrate afterwards.
        """
        # Before the user, who may be one of them: everybody locks in this order.
        admins = await self._unit.users.lock_admins(user_id)
        user = await self.get(user_id, for_update=True)
        changes = data.model_dump(exclude_unset=True)
        role = changes.get("role", user.role)
        require_reach(caller, user, role)
        is_demoted = role not in ADMIN_ROLES and not user.is_superuser
        if is_demoted or changes.get("is_active") is False:
            require_another_admin(admins, user)
        for action in actions_of(user, changes):
            await record_act(self._unit, action, caller, self._origin, user_id=user.id)
        user = await self._unit.users.update(user, changes)
        if not user.is_active:
            await self._unit.auth_sessions.end_all(user.id)
            await end_links(self._unit, user)
        return user

    async def list_sessions(self, caller: Caller, user_id: UUID) -> Sequence[AuthSessionRead]:
        """List a user's sessions, the latest login first.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
        """
        require_reach(caller, user := await self.get(user_id))
        return await list_sessions(self._unit, user.id, caller)

    async def end_sessions(self, caller: Caller, user_id: UUID) -> None:
        """End all of a user's sessions.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
        """
        require_reach(caller, user := await self.get(user_id, for_update=True))
        await self._unit.auth_sessions.end_all(user.id)
        await record_act(
            self._unit, AuditAction.SESSIONS_ENDED, caller, self._origin, user_id=user.id
        )

    async def start_reset(self, caller: Caller, user_id: UUID) -> None:
        """Mail a user a link for setting a new password; the present one stays until then.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
            ConflictError: If the user is disabled, and would get no mail.
        """
        require_reach(caller, user := await self.get(user_id))
        if not user.is_active:
            raise ConflictError("This user is disabled; enable the user first.")
        await self._unit.outbox.queue(MailPurpose.RESET_PASSWORD, user.email)
        await record_act(
            self._unit, AuditAction.RESET_STARTED, caller, self._origin, user_id=user.id
        )


def actions_of(user: User, changes: Mapping[str, Any]) -> Iterator[AuditAction]:
    """Name what an administrator does to a user; what stays as it was is no event."""
    if changes.get("role", user.role) != user.role:
        yield AuditAction.ROLE_CHANGED
    if changes.get("is_active", user.is_active) != user.is_active:
        yield AuditAction.USER_ENABLED if changes["is_active"] else AuditAction.USER_DISABLED
