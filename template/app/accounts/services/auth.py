"""Registering and logging in; beginning, listing and ending sessions."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from app.accounts.crud import UnitOfWork
from app.accounts.errors import InvalidCredentialsError, LoginThrottledError
from app.accounts.models import AuditAction, AuthSession, MailPurpose, User
from app.accounts.schemas import AuthSessionRead, Credentials, UserCreate
from app.accounts.services.base import AccountService, RequestService
from app.accounts.settings import AccountSettings
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo
from app.core.mail.outbox import queue_mail

T = TypeVar("T")
OpenSession = Callable[[UnitOfWork, User, str | None], Awaitable[T]]
"""Begins a user's session, limited to scopes if the client asks for some.

It returns what the client gets.
"""


async def begin_session(
    unit: UnitOfWork,
    user: User,
    settings: AccountSettings,
    client: ClientInfo,
    **values: Any,
) -> AuthSession:
    """Begin a session of a user; the oldest ends if there are too many."""
    moment = datetime.now(UTC)
    await unit.auth_sessions.end_oldest(user.id, keep=settings.max_sessions - 1)
    values |= {
        "user_id": user.id,
        "user_agent": client.user_agent,
        "address": client.address,
        "created_at": moment,
        "last_used_at": moment,
        "expires_at": settings.expiry(moment, moment),
    }
    return await unit.auth_sessions.create(values)


class AuthSessionService(RequestService):
    """Shows users where they are logged in, and ends their sessions."""

    async def list(self) -> list[AuthSessionRead]:
        """List the caller's sessions, the latest login first."""
        return await self.read_sessions(self.principal.user.id)

    async def log_out(self) -> None:
        """End the session in which the request is made."""
        await self.unit.auth_sessions.end(self.principal.session.id)
        await self.record(AuditAction.LOGGED_OUT)

    async def log_out_everywhere(self) -> None:
        """End all sessions of the caller, whose present one must have all scopes."""
        self.principal.require_all_scopes()
        await self.unit.auth_sessions.end_all(self.principal.user.id)
        await self.record(AuditAction.LOGGED_OUT_EVERYWHERE)

    async def end(self, session_id: UUID) -> None:
        """End one of the caller's sessions.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            NotFoundError: If there is none, or it is someone else's.
        """
        self.principal.require_all_scopes()
        user_id = self.principal.user.id
        if not await self.unit.auth_sessions.end(session_id, user_id=user_id):
            raise NotFoundError("There is no such session.")
        await self.record(AuditAction.SESSION_ENDED)


class AuthService(AccountService):
    """Creates users, and begins their sessions."""

    async def register(self, data: UserCreate) -> User:
        """Create a user, and have a link mailed that verifies the address.

        Where too much was mailed there lately, the user must ask for the link: whoever
        deletes accounts and registers again must not flood a stranger.

        Raises:
            InvalidError: If the password is not good enough.
            LoginThrottledError: If this client has registered too many.
            DBAPIError: If the address or the user name is taken; becomes 409.
        """
        throttle, password = self.throttle, data.password.get_secret_value()
        self.policy.check(password, personal=(data.email, data.username))
        await throttle.take(throttle.registrations(self.client))
        purpose = MailPurpose.VERIFY_EMAIL
        mails = throttle.mails(purpose, data.email, self.client)
        may_mail = await throttle.store.wait(mails) <= 0
        values = data.model_dump(exclude={"password"})
        values["hashed_password"] = await self.hash(password)
        async with self.begin() as unit:
            user = await unit.users.create(values)
            await self.record(unit, AuditAction.REGISTERED, user)
            if may_mail:
                place = self.client.network
                await queue_mail(unit.session, purpose, user.email, user.id, place)
        with suppress(LoginThrottledError):
            await throttle.take(mails)
        return user

    async def log_in(self, data: Credentials, open_session: OpenSession[T]) -> T:
        """Begin a session; a password is verified even if there is no such user.

        Raises:
            InvalidCredentialsError: If they are wrong, or the user is disabled, or must
                verify the address first.
            LoginThrottledError: If this comes too early after too many failures.
        """
        limits = self.throttle.logins(data.username, self.client)
        await self.throttle.check(limits)
        found: User | None = None

        async def find_stored() -> str | None:
            nonlocal found
            await self.throttle.take(limits)
            async with self.begin() as unit:
                found = await unit.users.find_by_login(data.username)
            return found.hashed_password if found else None

        password, client = data.password.get_secret_value(), self.client.network
        result = await self.passwords.verify(password, find_stored, client=client)
        if found and self._may_log_in(found) and result.matches:
            async with self.begin() as unit:
                user = await unit.users.find_unchanged(found)
                if user and self._may_log_in(user):
                    user.hashed_password = result.new_hash or user.hashed_password
                    await self.throttle.reset(unit, limits)
                    await self.record(unit, AuditAction.LOGGED_IN, user)
                    return await open_session(unit, user, data.scope or None)
            if result.new_hash:
                # Another login has just upgraded the hash; one of the newest kind
                # stays.
                return await self.log_in(data, open_session)
        async with self.begin() as unit:
            user_id, action = found.id if found else None, AuditAction.LOGIN_FAILED
            await unit.audit_events.record(action, user_id, self.client)
        raise InvalidCredentialsError("The user name or the password is wrong.")

    def _may_log_in(self, user: User) -> bool:
        is_proven = user.is_verified or not self.settings.require_verified
        return user.is_active and is_proven
