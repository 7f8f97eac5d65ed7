"""Rules for users: their own accounts, and those that administrators manage."""

from collections.abc import Sequence, Set
from uuid import UUID

from app.accounts.crud import UnitOfWork, deletions
from app.accounts.errors import ForbiddenError
from app.accounts.models import AuditAction, MailPurpose, User
from app.accounts.principal import Principal
from app.accounts.schemas import AuthSessionRead, ProfileUpdate, UserQuery, UserUpdate
from app.accounts.scopes import ADMIN_ROLES, role_scopes
from app.accounts.services.base import AccountService, RequestService, end_links
from app.accounts.settings import FRESH_LIFETIME
from app.core.errors import ConflictError, NotFoundError
from app.core.mail.outbox import queue_mail
from app.core.resource.repository import PageResult, change_part


class UserService(RequestService):
    """Changes the caller's own account."""

    async def update_profile(self, data: ProfileUpdate) -> User:
        """Change what the caller can change about itself.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            DBAPIError: If the user name is taken; becomes 409.
        """
        self.principal.require_all_scopes()
        user, changes = self.principal.user, data.model_dump(exclude_unset=True)
        if any(getattr(user, name) != value for name, value in changes.items()):
            await self.record(AuditAction.PROFILE_CHANGED)
        return await self.unit.users.update(user, changes)


class DeletionService(AccountService):
    """Deletes the caller's own account."""

    async def delete(self, principal: Principal) -> None:
        """Delete the caller's account and everything that belongs to it.

        Rows go a part at a time, the user last: who is cut off meanwhile can ask again.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            StaleLoginError: If the last login is too long ago.
            NotFoundError: If another request has just done so.
            ConflictError: If nobody else could administrate.
        """
        principal.require_all_scopes()
        principal.require_fresh_login(FRESH_LIFETIME)
        async with self.begin() as unit:
            await lock_leaving(unit, principal.user)
        for statement in deletions(principal.user.id):
            has_more = True
            while has_more:
                async with self.begin() as unit:
                    has_more = await change_part(unit.session, statement)
        async with self.begin() as unit:
            user = await lock_leaving(unit, principal.user)
            await unit.users.delete(user)
            await self.record(unit, AuditAction.ACCOUNT_DELETED, user, by_user=True)


async def lock_leaving(unit: UnitOfWork, user: User) -> User:
    """Lock a user who leaves, if there is one and another can administrate."""
    require_another_admin(await unit.users.lock_admins(user.id), user)
    found = await unit.users.get(user.id, for_update=True)
    if found is None:
        raise NotFoundError("There is no such user.")
    return found


class UserAdministrationService(RequestService):
    """Manages users who may do no more than the administrator.

    All but `list` raise `NotFoundError` if there is no such user, and all but these
    and `get` raise `ForbiddenError` if the user may do more.
    """

    async def list(self, query: UserQuery) -> PageResult[User]:
        """List users."""
        return await self.unit.users.list(query)

    async def get(self, user_id: UUID, *, for_update: bool = False) -> User:
        """Find a user."""
        user = await self.unit.users.get(user_id, for_update=for_update)
        if user is None:
            raise NotFoundError("There is no such user.")
        return user

    async def update(self, user_id: UUID, data: UserUpdate) -> User:
        """Change a user's role, or disable the user: sessions and mailed links end.

        Raises:
            ConflictError: If nobody could administrate afterwards.
        """
        # Before the user, who may be one of them: everybody locks in this order.
        admins = await self.unit.users.lock_admins(user_id)
        if self.principal.user.id not in admins:
            # Another has just said so, while this one waited.
            raise ForbiddenError("You cannot administrate any more.")
        user = await self.get(user_id, for_update=True)
        changes = data.model_dump(exclude_unset=True)
        role = changes.get("role", user.role)
        self._require_can_manage(user, role)
        is_demoted = role not in ADMIN_ROLES and not user.is_superuser
        if is_demoted or changes.get("is_active") is False:
            require_another_admin(admins, user)
        if role != user.role:
            await self.record(AuditAction.ROLE_CHANGED, user.id)
        is_active = changes.get("is_active", user.is_active)
        if is_active != user.is_active:
            action = (
                AuditAction.USER_ENABLED if is_active else AuditAction.USER_DISABLED
            )
            await self.record(action, user.id)
        user = await self.unit.users.update(user, changes)
        if not user.is_active:
            await self.unit.auth_sessions.end_all(user.id)
            await end_links(self.unit, user)
        return user

    async def list_sessions(self, user_id: UUID) -> Sequence[AuthSessionRead]:
        """List a user's sessions, the latest login first."""
        self._require_can_manage(await self.get(user_id))
        return await self.read_sessions(user_id)

    async def end_sessions(self, user_id: UUID) -> None:
        """End all of a user's sessions."""
        self._require_can_manage(await self.get(user_id, for_update=True))
        await self.unit.auth_sessions.end_all(user_id)
        await self.record(AuditAction.SESSIONS_ENDED, user_id)

    async def start_reset(self, user_id: UUID) -> None:
        """Mail a user a link that sets a new password; until then the old one stays.

        Raises:
            ConflictError: If the user is disabled, and would get no mail.
        """
        self._require_can_manage(user := await self.get(user_id))
        if not user.is_active:
            raise ConflictError("This user is disabled; enable the user first.")
        await queue_mail(self.unit.session, MailPurpose.RESET_PASSWORD, user.email)
        await self.record(AuditAction.RESET_STARTED, user_id)

    def _require_can_manage(self, user: User, role: str = "") -> None:
        """Raise `ForbiddenError` if a user may do more, now or in a new role."""
        if user.is_superuser and not self.principal.user.is_superuser:
            raise ForbiddenError("Only a superuser may administrate a superuser.")
        if not self.principal.scopes >= user.scopes | role_scopes(role):
            raise ForbiddenError("Only who has all scopes of a user may do this.")


def require_another_admin(admins: Set[UUID], leaving: User) -> None:
    """Raise `ConflictError` if a user is the last of the locked administrators."""
    if admins == {leaving.id}:
        raise ConflictError("Name another administrator first: this is the last one.")
