"""Asking for the password again, before something important (ASVS 5.0, 7.5.1)."""

from uuid import UUID

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.accounts.errors import InvalidMailTokenError, WrongPasswordError
from app.accounts.mail.purposes import MailPurpose
from app.accounts.models.account import MailToken, User
from app.accounts.throttle.service import ThrottleService
from app.core.fields.text import fold
from app.core.http.client import ClientInfo
from app.core.security.opaque_tokens import digest
from app.core.security.passwords import PasswordHasher


class MailLinks:
    """Has links mailed to whoever asks for one, and takes their tokens.

    Args:
        begin: Begins a unit of work.
        throttle: Slows down floods of mail, and those who try tokens.
        origin: Where the request comes from.
    """

    def __init__(
        self, begin: UnitOfWorkFactory, throttle: ThrottleService, origin: ClientInfo
    ) -> None:
        self._begin = begin
        self._throttle = throttle
        self._origin = origin

    async def send(self, purpose: MailPurpose, recipient: str) -> None:
        """Have a link mailed, if the address is somebody's.

        Nobody is looked up before the answer is given, so neither it nor its time tells
        whose the address is: whoever sends the mail finds out.

        Raises:
            TooManyRequestsError: If too many are asked for.
        """
        await self._throttle.take(self._throttle.mails(recipient, self._origin))
        async with self._begin() as unit:
            await unit.outbox.queue(purpose, recipient)

    async def find(self, token: str, purpose: MailPurpose) -> tuple[MailToken, User]:
        """Find a token, and whose it is; that uses nothing up.

        Raises:
            InvalidMailTokenError: If it is unknown, used, expired or for something
                else.
            TooManyRequestsError: If this client has shown too many that were not valid.
        """
        limits = self._throttle.tokens(self._origin)
        await self._throttle.check(limits)
        async with self._begin(reading=True) as unit:
            found = await unit.mail_tokens.find(digest(token), purpose)
            user = await unit.users.get(found.user_id) if found else None
        if found and user and user.is_active:
            return found, user
        await self._throttle.take(limits)
        raise InvalidMailTokenError


async def use_link(unit: UnitOfWork, token: MailToken) -> User:
    """Use a token up, and give its user; others must wait before they change the user.

    Raises:
        InvalidMailTokenError: If somebody was faster, or the user is disabled, or has
            another address by now.
    """
    user = await unit.users.get(token.user_id, for_update=True)
    is_mine = await unit.mail_tokens.use(token)
    if user is None or not user.is_active or not is_mine:
        raise InvalidMailTokenError
    if (
        token.purpose != MailPurpose.CHANGE_EMAIL
        and fold(token.email) != user.email_key
    ):
        raise InvalidMailTokenError
    return user


async def end_links(unit: UnitOfWork, user: User) -> None:
    """End all links that a user was sent, and the one that waits to be sent to another address."""
    await unit.mail_tokens.end_all(user.id)
    await unit.outbox.withdraw(user.id, MailPurpose.CHANGE_EMAIL)


async def set_password(
    unit: UnitOfWork,
    user: User,
    hashed: str,
    throttle: ThrottleService,
    *,
    staying: UUID | None = None,
) -> None:
    """Set a password, and end what was begun with the former one; its owner is told by mail.

    Not at an address that nobody has verified: a stranger's could be flooded like that.

    Args:
        unit: The unit of work, in which the user is locked.
        user: Whose password it is.
        hashed: The new password's hash.
        throttle: Forgets the failed attempts.
        staying: The only session that does not end.
    """
    user.hashed_password = hashed
    await throttle.forget(unit, user)
    await unit.auth_sessions.end_all(user.id, but=staying)
    await end_links(unit, user)
    if user.is_verified:
        await unit.outbox.queue(
            MailPurpose.PASSWORD_CHANGED, user.email, user_id=user.id
        )


class Reauthentication:
    """Makes sure that who is logged in knows the password; holds no transaction meanwhile.

    Args:
        begin: Begins a unit of work.
        passwords: Verifies.
        throttle: Slows down those who have only got hold of a session.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passwords: PasswordHasher,
        throttle: ThrottleService,
        origin: ClientInfo,
    ) -> None:
        self._begin = begin
        self._passwords = passwords
        self._throttle = throttle
        self._origin = origin

    async def require(self, user: User, password: str, failure: AuditAction) -> None:
        """Compare a password with the user's; `forgive` the attempt when all is done.

        Args:
            user: Who is logged in.
            password: What was given as `current_password`.
            failure: What to record if it is wrong.

        Raises:
            WrongPasswordError: If it is wrong.
            TooManyRequestsError: If this comes too early after too many failures.
        """
        limits = self._throttle.reauthentications(user.id)
        await self._throttle.check(limits)

        async def find_stored() -> str:
            await self._throttle.take(limits)
            return user.hashed_password

        client = self._origin.network
        if (await self._passwords.verify(password, find_stored, client=client)).matches:
            return
        async with self._begin() as unit:
            await unit.audit_events.record(
                failure, user.id, self._origin, actor_id=user.id
            )
        raise WrongPasswordError("current_password")

    async def forgive(self, unit: UnitOfWork, user: User) -> None:
        """Take back the attempt that has succeeded."""
        await self._throttle.forgive(unit, self._throttle.reauthentications(user.id))
