"""Reading the audit log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.mail.purposes import MailPurpose
from app.accounts.models.account import AuditEvent, User
from app.accounts.principal import (
    Principal,
    record_action,
    require_another_admin,
    require_can_manage,
)
from app.accounts.schemas.account import AuthSessionRead, ProfileUpdate
from app.accounts.schemas.audit_event import AuditEventQuery
from app.accounts.schemas.user import UserQuery, UserUpdate
from app.accounts.scopes import ADMIN_ROLES
from app.accounts.services.sessions import list_sessions
from app.accounts.services.steps import end_links
from app.core.errors import ConflictError, NotFoundError
from app.core.http.client import ClientInfo
from app.core.resource.repository import PageResult


class UserService:
    """Lets users change and delete their own accounts.

    Args:
        unit: The tables, in the request's transaction.
        origin: Where the request comes from.
        fresh_lifetime: How long a login is fresh enough for deleting the account.
    """

    def __init__(
        self, unit: UnitOfWork, origin: ClientInfo, fresh_lifetime: timedelta
    ) -> None:
        self._unit = unit
        self._origin = origin
        self._fresh_lifetime = fresh_lifetime

    async def update_profile(self, caller: Principal, data: ProfileUpdate) -> User:
        """Change what the caller can change about itself.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            DBAPIError: If the user name is taken; becomes 409.
        """
        caller.require_all_scopes()
        changes = data.model_dump(exclude_unset=True)
        if any(getattr(caller.user, name) != value for name, value in changes.items()):
            await record_action(
                self._unit, AuditAction.PROFILE_CHANGED, caller, self._origin
            )
        return await self._unit.users.update(caller.user, changes)

    async def delete_account(self, caller: Principal) -> None:
        """Delete the caller's account and everything that belongs to it.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            StaleLoginError: If the last login is too long ago.
            NotFoundError: If another request has just done so.
            ConflictError: If nobody else could administrate.
        """
        caller.require_all_scopes()
        caller.require_fresh_login(self._fresh_lifetime)
        require_another_admin(
            await self._unit.users.lock_admins(caller.user.id), caller.user
        )
        if await self._unit.users.get(caller.user.id, for_update=True) is None:
            raise NotFoundError("There is no such user.")
        await self._unit.users.delete(caller.user)
        await record_action(
            self._unit, AuditAction.ACCOUNT_DELETED, caller, self._origin
        )


class UserAdministrationService:
    """Lets administrators look after users who may do no more than they.

    Args:
        unit: The tables, in the request's transaction.
        origin: Where the request comes from.
    """

    def __init__(self, unit: UnitOfWork, origin: ClientInfo) -> None:
        self._unit = unit
        self._origin = origin

    async def list(self, query: UserQuery) -> PageResult[User]:
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

    async def update(self, caller: Principal, user_id: UUID, data: UserUpdate) -> User:
        """Change a user's role, or disable the user, whose sessions and mailed links end.

        Raises:
            NotFoundError: If there is none.
            ForbiddenError: If the user may do more than the caller, before the change
                or after it.
            ConflictError: If nobody could administrate afterwards.
        """
        # Before the user, who may be one of them: everybody locks in this order.
        admins = await self._unit.users.lock_admins(user_id)
        user = await self.get(user_id, for_update=True)
        changes = data.model_dump(exclude_unset=True)
        role = changes.get("role", user.role)
        require_can_manage(caller, user, role)
        is_demoted = role not in ADMIN_ROLES and not user.is_superuser
        if is_demoted or changes.get("is_active") is False:
            require_another_admin(admins, user)
        for action in actions_of(user, changes):
            await record_action(
                self._unit, action, caller, self._origin, user_id=user.id
            )
        user = await self._unit.users.update(user, changes)
        if not user.is_active:
            await self._unit.auth_sessions.end_all(user.id)
            await end_links(self._unit, user)
        return user

    async def list_sessions(
        self, caller: Principal, user_id: UUID
    ) -> Sequence[AuthSessionRead]:
        """List a user's sessions, the latest login first.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
        """
        require_can_manage(caller, user := await self.get(user_id))
        return await list_sessions(self._unit, user.id, caller)

    async def end_sessions(self, caller: Principal, user_id: UUID) -> None:
        """End all of a user's sessions.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
        """
        require_can_manage(caller, user := await self.get(user_id, for_update=True))
        await self._unit.auth_sessions.end_all(user.id)
        await record_action(
            self._unit,
            AuditAction.SESSIONS_ENDED,
            caller,
            self._origin,
            user_id=user.id,
        )

    async def start_reset(self, caller: Principal, user_id: UUID) -> None:
        """Mail a user a link for setting a new password; the present one stays until then.

        Raises:
            NotFoundError: If there is no such user.
            ForbiddenError: If the user may do more than the caller.
            ConflictError: If the user is disabled, and would get no mail.
        """
        require_can_manage(caller, user := await self.get(user_id))
        if not user.is_active:
            raise ConflictError("This user is disabled; enable the user first.")
        await self._unit.outbox.queue(MailPurpose.RESET_PASSWORD, user.email)
        await record_action(
            self._unit, AuditAction.RESET_STARTED, caller, self._origin, user_id=user.id
        )


def actions_of(user: User, changes: Mapping[str, Any]) -> Iterator[AuditAction]:
    """Name what an administrator does to a user; what stays as it was is no event."""
    if changes.get("role", user.role) != user.role:
        yield AuditAction.ROLE_CHANGED
    if changes.get("is_active", user.is_active) != user.is_active:
        yield (
            AuditAction.USER_ENABLED
            if changes["is_active"]
            else AuditAction.USER_DISABLED
        )


class AuditEventService:
    """Shows what has happened; nobody changes it."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def list(self, query: AuditEventQuery) -> PageResult[AuditEvent]:
        """List events."""
        return await self._unit.audit_events.list(query)
