"""Registering, logging in, and changing the password."""

from uuid import UUID

from app.core.errors import ConflictError, InvalidError
from app.core.security.audit import AuditAction
from app.core.security.errors import InvalidCredentialsError, WrongPasswordError
from app.core.security.origin import Origin
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import Passwords, normalize
from app.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.models.user import User
from app.schemas.user import PasswordChange, UserCreate
from app.services.caller import Caller
from app.services.throttle import Limits, ThrottleService
from app.services.token import TokenPair, TokenService


class AuthService:
    """Works with passwords; holds no transaction while one is hashed.

    Args:
        begin: Begins a unit of work.
        passwords: Hashes and verifies.
        policy: Tells which passwords are good enough.
        throttle: Slows down guessing.
        tokens: Opens sessions.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passwords: Passwords,
        policy: PasswordPolicy,
        throttle: ThrottleService,
        tokens: TokenService,
        origin: Origin,
    ) -> None:
        self._begin = begin
        self._passwords = passwords
        self._policy = policy
        self._throttle = throttle
        self._tokens = tokens
        self._origin = origin

    async def register(self, data: UserCreate) -> User:
        """Create a user.

        Raises:
            InvalidError: If the password is not good enough.
            TooManyRequestsError: If this client has registered too many.
            DBAPIError: If the address or the user name is taken; becomes 409.
        """
        password = data.password.get_secret_value()
        self._policy.check(password, personal=(data.email, data.username))
        await self._throttle.take(self._throttle.registrations(self._origin))
        hashed = await self._passwords.hash(password, client=self._origin.network)
        values = data.model_dump(exclude={"password"})
        async with self._begin() as unit:
            user = await unit.users.create({**values, "hashed_password": hashed})
            await unit.audit_events.record(AuditAction.REGISTERED, user.id, self._origin)
        return user

    async def log_in(self, login: str, password: str, scope: str | None) -> TokenPair:
        """Begin a session; one password is verified, whether or not there is such a user.

        Args:
            login: E-mail address or user name.
            password: The password.
            scope: The scopes that the client asks for, if it asks for some.

        Raises:
            InvalidCredentialsError: If they are wrong, or the user is disabled.
            TooManyRequestsError: If this comes too early after too many failures.
        """
        limits = self._throttle.logins(login, self._origin)
        await self._throttle.check(limits)
        found: User | None = None

        async def find_stored() -> str | None:
            nonlocal found
            await self._throttle.take(limits)
            async with self._begin() as unit:
                found = await unit.users.find_by_login(login)
            return found.hashed_password if found else None

        client = self._origin.network
        verdict = await self._passwords.verify(password, find_stored, client=client)
        if found and found.is_active and verdict.matches:
            tokens = await self._open_session(found, verdict.upgraded, scope, limits)
            if tokens:
                return tokens
            if verdict.upgraded:
                # Another login has just upgraded the hash; one of the newest kind stays.
                return await self.log_in(login, password, scope)
        async with self._begin() as unit:
            user_id = found.id if found else None
            await unit.audit_events.record(AuditAction.LOGIN_FAILED, user_id, self._origin)
        raise InvalidCredentialsError

    async def _open_session(
        self, verified: User, upgraded: str | None, scope: str | None, limits: Limits
    ) -> TokenPair | None:
        async with self._begin() as unit:
            user = await unit.users.find_unchanged(verified.id, verified.hashed_password)
            if user is None:
                return None
            user.hashed_password = upgraded or user.hashed_password
            await self._throttle.forgive(unit, limits)
            await unit.audit_events.record(AuditAction.LOGGED_IN, user.id, self._origin)
            return await self._tokens.open(unit, user, scope)

    async def change_password(self, caller: Caller, data: PasswordChange) -> None:
        """Change the caller's password, and end all other sessions (ASVS 5.0, 7.4.3).

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            InvalidError: If the new password is not good enough.
            WrongPasswordError: If the current one is wrong.
            TooManyRequestsError: If this comes too early after too many failures.
            ConflictError: If somebody else has changed it meanwhile.
        """
        caller.require_all_scopes()
        user, new = caller.user, data.new_password.get_secret_value()
        current = data.current_password.get_secret_value()
        self._policy.check(new, personal=(user.email, user.username), field="new_password")
        if normalize(new) == normalize(current):
            message = "It must differ from the current one."
            raise InvalidError(message, fields={"new_password": [message]})
        limits = self._throttle.reauthentications(user.id)
        if not await self._is_password_of(user, current, limits):
            async with self._begin() as unit:
                await self._record(unit, AuditAction.PASSWORD_CHANGE_FAILED, user.id)
            raise WrongPasswordError("current_password")
        hashed = await self._passwords.hash(new, client=self._origin.network)
        async with self._begin() as unit:
            unchanged = await unit.users.find_unchanged(user.id, user.hashed_password)
            if unchanged is None:
                raise ConflictError("Somebody else has just changed this.")
            unchanged.hashed_password = hashed
            await self._throttle.forget(unit, user)
            await unit.auth_sessions.end_all(user.id, but=caller.session.id)
            await self._record(unit, AuditAction.PASSWORD_CHANGED, user.id)

    async def _is_password_of(self, user: User, password: str, limits: Limits) -> bool:
        await self._throttle.check(limits)

        async def find_stored() -> str:
            await self._throttle.take(limits)
            return user.hashed_password

        client = self._origin.network
        return (await self._passwords.verify(password, find_stored, client=client)).matches

    async def _record(self, unit: UnitOfWork, action: AuditAction, user_id: UUID) -> None:
        await unit.audit_events.record(action, user_id, self._origin, actor_id=user_id)
