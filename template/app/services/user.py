"""What users do with their own accounts."""

from datetime import timedelta

from app.core.errors import NotFoundError
from app.core.security.audit import AuditAction
from app.core.security.origin import Origin
from app.crud.unit_of_work import UnitOfWork
from app.models.user import User
from app.schemas.account import ProfileUpdate
from app.services.administrators import require_another_admin
from app.services.caller import Caller, record_act


class UserService:
    """Lets users change and delete their own accounts.

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
            await record_act(self._unit, AuditAction.PROFILE_CHANGED, caller, self._origin)
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
        require_another_admin(await self._unit.users.lock_admins(caller.user.id), caller.user)
        if await self._unit.users.get(caller.user.id, for_update=True) is None:
            raise NotFoundError("There is no such user.")
        await self._unit.users.delete(caller.user)
        await record_act(self._unit, AuditAction.ACCOUNT_DELETED, caller, self._origin)
