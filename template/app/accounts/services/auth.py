"""Registering and logging in."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from app.accounts.audit import AuditAction
from app.accounts.errors import InvalidCredentialsError, LoginThrottledError
from app.accounts.models import MailPurpose, User
from app.accounts.schemas import Credentials, UserCreate
from app.accounts.services.context import AccountContext
from app.accounts.services.sessions import OpenSession

T = TypeVar("T")


@dataclass(frozen=True)
class AuthService:
    """Works with passwords; holds no transaction while one is hashed."""

    context: AccountContext

    async def register(self, data: UserCreate) -> User:
        """Create a user, and have a link mailed that verifies the address.

        Where too much was mailed there lately, the user must ask for the link: whoever
        deletes accounts and registers again must not flood a stranger.

        Raises:
            InvalidError: If the password is not good enough.
            LoginThrottledError: If this client has registered too many.
            DBAPIError: If the address or the user name is taken; becomes 409.
        """
        context, throttle = self.context, self.context.throttle
        password = data.password.get_secret_value()
        context.policy.check(password, personal=(data.email, data.username))
        await throttle.take(throttle.registrations(context.client))
        mails = throttle.mails(data.email, context.client)
        may_mail = await throttle.allows(mails)
        hashed = await context.hash(password)
        values = data.model_dump(exclude={"password"})
        async with context.begin() as unit:
            user = await unit.users.create({**values, "hashed_password": hashed})
            await context.record(unit, AuditAction.REGISTERED, user)
            if may_mail:
                await unit.outbox.queue(
                    MailPurpose.VERIFY_EMAIL, user.email, owner_id=user.id
                )
        with suppress(LoginThrottledError):
            await throttle.take(mails)
        return user

    async def log_in(self, data: Credentials, open_session: OpenSession[T]) -> T:
        """Begin a session; one password is verified, whether or not there is such a user.

        Raises:
            InvalidCredentialsError: If they are wrong, or the user is disabled, or must
                verify the address first.
            LoginThrottledError: If this comes too early after too many failures.
        """
        context, throttle = self.context, self.context.throttle
        limits = throttle.logins(data.username, context.client)
        await throttle.check(limits)
        found: User | None = None

        async def find_stored() -> str | None:
            nonlocal found
            await throttle.take(limits)
            async with context.begin() as unit:
                found = await unit.users.find_by_login(data.username)
            return found.hashed_password if found else None

        password, client = data.password.get_secret_value(), context.client.network
        result = await context.passwords.verify(password, find_stored, client=client)
        if found and self._may_log_in(found) and result.matches:
            async with context.begin() as unit:
                user = await unit.users.find_unchanged(found.id, found.hashed_password)
                if user and self._may_log_in(user):
                    user.hashed_password = result.new_hash or user.hashed_password
                    await throttle.reset(unit, limits)
                    await context.record(unit, AuditAction.LOGGED_IN, user)
                    return await open_session(unit, user, data.scope)
            if result.new_hash:
                # Another login has just upgraded the hash; one of the newest kind
                # stays.
                return await self.log_in(data, open_session)
        async with context.begin() as unit:
            user_id = found.id if found else None
            await unit.audit_events.record(
                AuditAction.LOGIN_FAILED, user_id, context.client
            )
        raise InvalidCredentialsError("The user name or the password is wrong.")

    def _may_log_in(self, user: User) -> bool:
        return user.is_active and (
            user.is_verified or not self.context.settings.require_verified
        )
