"""Registering and logging in."""

from contextlib import suppress
from typing import TypeVar

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWorkFactory
from app.accounts.errors import InvalidCredentialsError, TooManyRequestsError
from app.accounts.mail.purposes import MailPurpose
from app.accounts.models.account import User
from app.accounts.schemas.account import Credentials, UserCreate
from app.accounts.services.sessions import OpenSession
from app.accounts.settings import AccountSettings
from app.accounts.throttle.service import ThrottleService
from app.core.http.client import ClientInfo
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher

T = TypeVar("T")


class AuthService:
    """Works with passwords; holds no transaction while one is hashed.

    Args:
        begin: Begins a unit of work.
        passwords: Hashes and verifies.
        policy: Tells which passwords are good enough.
        throttle: Slows down guessing.
        settings: Tell who may log in.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passwords: PasswordHasher,
        policy: PasswordPolicy,
        throttle: ThrottleService,
        settings: AccountSettings,
        origin: ClientInfo,
    ) -> None:
        self._begin = begin
        self._passwords = passwords
        self._policy = policy
        self._throttle = throttle
        self._settings = settings
        self._origin = origin

    async def register(self, data: UserCreate) -> User:
        """Create a user, and have a link mailed that verifies the address.

        Where too much was mailed there lately, the user must ask for the link: whoever
        deletes accounts and registers again must not flood a stranger.

        Raises:
            InvalidError: If the password is not good enough.
            TooManyRequestsError: If this client has registered too many.
            DBAPIError: If the address or the user name is taken; becomes 409.
        """
        password = data.password.get_secret_value()
        self._policy.check(password, personal=(data.email, data.username))
        await self._throttle.take(self._throttle.registrations(self._origin))
        mails = self._throttle.mails(data.email, self._origin)
        may_mail = await self._throttle.allows(mails)
        hashed = await self._passwords.hash(password, client=self._origin.network)
        values = data.model_dump(exclude={"password"})
        async with self._begin() as unit:
            user = await unit.users.create({**values, "hashed_password": hashed})
            await unit.audit_events.record(
                AuditAction.REGISTERED, user.id, self._origin
            )
            if may_mail:
                await unit.outbox.queue(
                    MailPurpose.VERIFY_EMAIL, user.email, user_id=user.id
                )
        with suppress(TooManyRequestsError):
            await self._throttle.take(mails)
        return user

    async def log_in(self, data: Credentials, open_session: OpenSession[T]) -> T:
        """Begin a session; one password is verified, whether or not there is such a user.

        Args:
            data: The credentials.
            open_session: Begins the session, when they are right.

        Raises:
            InvalidCredentialsError: If they are wrong, or the user is disabled, or must
                verify the address first.
            TooManyRequestsError: If this comes too early after too many failures.
        """
        limits = self._throttle.logins(data.username, self._origin)
        await self._throttle.check(limits)
        found: User | None = None

        async def find_stored() -> str | None:
            nonlocal found
            await self._throttle.take(limits)
            async with self._begin() as unit:
                found = await unit.users.find_by_login(data.username)
            return found.hashed_password if found else None

        password, client = data.password.get_secret_value(), self._origin.network
        verdict = await self._passwords.verify(password, find_stored, client=client)
        if found and self._may_log_in(found) and verdict.matches:
            async with self._begin() as unit:
                user = await unit.users.find_unchanged(found.id, found.hashed_password)
                if user and self._may_log_in(user):
                    user.hashed_password = verdict.upgraded or user.hashed_password
                    await self._throttle.forgive(unit, limits)
                    await unit.audit_events.record(
                        AuditAction.LOGGED_IN, user.id, self._origin
                    )
                    return await open_session(unit, user, data.scope)
            if verdict.upgraded:
                # Another login has just upgraded the hash; one of the newest kind
                # stays.
                return await self.log_in(data, open_session)
        async with self._begin() as unit:
            user_id = found.id if found else None
            await unit.audit_events.record(
                AuditAction.LOGIN_FAILED, user_id, self._origin
            )
        raise InvalidCredentialsError

    def _may_log_in(self, user: User) -> bool:
        return user.is_active and (
            user.is_verified or not self._settings.require_verified
        )
