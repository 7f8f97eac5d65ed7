"""What whoever runs the application can do about users."""

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWorkFactory
from app.accounts.models.account import User
from app.accounts.schemas.account import UserCreate
from app.accounts.scopes import Role
from app.accounts.services.steps import set_password
from app.accounts.throttle.service import ThrottleService
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher

COMMAND_LINE = ClientInfo(address="command line")


class UserCommands:
    """Serves the management commands.

    Args:
        begin: Begins a unit of work.
        passwords: Hashes and verifies.
        policy: Tells which passwords are good enough.
        throttle: Remembers failed logins.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passwords: PasswordHasher,
        policy: PasswordPolicy,
        throttle: ThrottleService,
    ) -> None:
        self._begin = begin
        self._passwords = passwords
        self._policy = policy
        self._throttle = throttle

    async def create_admin(self, data: UserCreate, *, is_superuser: bool) -> User:
        """Create a user who can administrate.

        Raises:
            InvalidError: If the password is not good enough.
            DBAPIError: If the address or the user name is taken.
        """
        password = data.password.get_secret_value()
        self._policy.check(password, personal=(data.email, data.username))
        values = {
            **data.model_dump(exclude={"password"}),
            "hashed_password": await self._passwords.hash(password),
            "role": Role.ADMIN,
            "is_superuser": is_superuser,
            "is_verified": True,
        }
        async with self._begin() as unit:
            user = await unit.users.create(values)
            await unit.audit_events.record(
                AuditAction.ADMIN_CREATED, user.id, COMMAND_LINE
            )
        return user

    async def reset_password(self, login: str, password: str) -> None:
        """Set a password; sessions and links end, failed attempts are forgotten, the user is told.

        Raises:
            NotFoundError: If there is no such user.
            InvalidError: If the password is not good enough.
        """
        async with self._begin() as unit:
            user = await unit.users.find_by_login(login)
        if user is None:
            raise NotFoundError(f"There is no user {login}.")
        self._policy.check(password, personal=(user.email, user.username))
        hashed = await self._passwords.hash(password)
        async with self._begin() as unit:
            changed = await unit.users.get(user.id, for_update=True)
            if changed is None:
                raise NotFoundError(f"There is no user {login}.")
            await set_password(unit, changed, hashed, self._throttle)
            await unit.audit_events.record(
                AuditAction.PASSWORD_RESET, user.id, COMMAND_LINE
            )
