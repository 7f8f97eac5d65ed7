"""What services of accounts share."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.crud import UnitOfWork, UnitOfWorkFactory
from app.accounts.errors import InvalidLinkError, WrongPasswordError
from app.accounts.models import AuditAction, MailPurpose, MailToken, User
from app.accounts.principal import Principal
from app.accounts.schemas import AuthSessionRead
from app.accounts.settings import AccountSettings
from app.accounts.throttle import ThrottleService
from app.core.fields.text import fold
from app.core.http.client import ClientInfo
from app.core.mail.outbox import queue_mail, withdraw_mail
from app.core.security.opaque_tokens import digest
from app.core.security.passwords import PasswordHasher, PasswordPolicy


@dataclass(frozen=True)
class RequestService:
    """Works in the transaction of a request, for whoever makes it."""

    unit: UnitOfWork
    client: ClientInfo
    principal: Principal

    async def record(self, action: AuditAction, user_id: UUID | None = None) -> None:
        """Record what the caller has done, to another's account or to its own."""
        actor_id = self.principal.user.id
        await self.unit.audit_events.record(
            action, user_id or actor_id, self.client, actor_id=actor_id
        )

    async def read_sessions(self, user_id: UUID) -> list[AuthSessionRead]:
        """List a user's sessions as the caller sees them, the latest login first."""
        found = await self.unit.auth_sessions.list_live(user_id)
        sessions = [AuthSessionRead.model_validate(session) for session in found]
        for session in sessions:
            session.is_current = session.id == self.principal.session.id
        return sessions


@dataclass(frozen=True)
class AccountService:
    """Works with passwords or mailed links, in transactions of its own.

    None is open while a password is hashed.
    """

    begin: UnitOfWorkFactory
    passwords: PasswordHasher
    policy: PasswordPolicy
    throttle: ThrottleService
    settings: AccountSettings
    client: ClientInfo

    async def hash(self, password: str) -> str:
        """Hash a password, when it is this client's turn."""
        return await self.passwords.hash(password, client=self.client.network)

    async def record(
        self,
        unit: UnitOfWork,
        action: AuditAction,
        user: User,
        *,
        by_user: bool = False,
    ) -> None:
        """Record what has happened to a user, who may have done it in a session."""
        actor_id = user.id if by_user else None
        await unit.audit_events.record(action, user.id, self.client, actor_id=actor_id)

    async def send_link(self, purpose: MailPurpose, recipient: str) -> None:
        """Mail a link if the address is somebody's: whoever sends it finds out."""
        mails = self.throttle.mails(purpose, recipient, self.client)
        await self.throttle.take(mails)
        async with self.begin() as unit:
            place = self.client.network
            await queue_mail(unit.session, purpose, recipient, asked_by=place)

    async def find_link(
        self, token: str, purpose: MailPurpose
    ) -> tuple[MailToken, User]:
        """Find a link by its token, and whose it is; that uses nothing up.

        Raises:
            InvalidLinkError: If it is unknown, used, expired or for something else.
            LoginThrottledError: If this client has shown too many that were not valid.
        """
        limits = self.throttle.tokens(self.client)
        await self.throttle.check(limits)
        async with self.begin(reading=True) as unit:
            found = await unit.mail_tokens.find(digest(token), purpose)
            user = await unit.users.get(found.user_id) if found else None
        if found and user and user.is_active:
            return found, user
        await self.throttle.take(limits)
        raise InvalidLinkError

    async def require_password(
        self, user: User, password: str, failure: AuditAction
    ) -> None:
        """Compare a password with the user's (ASVS 5.0, 7.5.1), or record the failure.

        Raises:
            WrongPasswordError: If it is wrong.
            LoginThrottledError: If this comes too early after too many failures.
        """
        limits = self.throttle.reauthentications(user.id)
        await self.throttle.check(limits)

        async def find_stored() -> str:
            await self.throttle.take(limits)
            return user.hashed_password

        client = self.client.network
        result = await self.passwords.verify(password, find_stored, client=client)
        if not result.matches:
            async with self.begin() as unit:
                await self.record(unit, failure, user, by_user=True)
            message = "This is not your password."
            raise WrongPasswordError(message, field="current_password")

    async def set_password(
        self, unit: UnitOfWork, user: User, hashed: str, *, staying: UUID | None = None
    ) -> None:
        """Set a locked user's password, and end what was begun with the former one.

        The owner is mailed, but not at an address that nobody has verified: a
        stranger's could be flooded like that. One session may stay.
        """
        user.hashed_password = hashed
        await self.throttle.clear(unit, user)
        await unit.auth_sessions.end_all(user.id, but=staying)
        await end_links(unit, user)
        if user.is_verified:
            purpose = MailPurpose.PASSWORD_CHANGED
            await queue_mail(unit.session, purpose, user.email, user.id)


async def use_link(unit: UnitOfWork, token: MailToken) -> User:
    """Use a link up, and return its user, locked until the change is done.

    Raises:
        InvalidLinkError: If somebody was faster, or the user is disabled, or has
            another address by now.
    """
    user = await unit.users.get(token.user_id, for_update=True)
    is_mine = await unit.mail_tokens.use(token)
    if user is None or not user.is_active or not is_mine:
        raise InvalidLinkError
    is_for_old_address = fold(token.email) != user.email_key
    if token.purpose != MailPurpose.CHANGE_EMAIL and is_for_old_address:
        raise InvalidLinkError
    return user


async def end_links(unit: UnitOfWork, user: User) -> None:
    """End all links of a user, and the one that waits to be sent to another address."""
    await unit.mail_tokens.end_all(user.id)
    await withdraw_mail(unit.session, MailPurpose.CHANGE_EMAIL, user.id)
