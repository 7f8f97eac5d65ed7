"""Changing e-mail addresses."""

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.accounts.mail.purposes import MailPurpose
from app.accounts.models.account import User
from app.accounts.principal import Principal
from app.accounts.schemas.account import EmailChange
from app.accounts.services.steps import MailLinks, Reauthentication, end_links, use_link
from app.accounts.throttle.service import ThrottleService
from app.core.errors import ConflictError, InvalidError
from app.core.fields.text import fold
from app.core.http.client import ClientInfo


class VerificationService:
    """Makes sure that addresses are those of their users.

    Args:
        begin: Begins a unit of work.
        throttle: Slows down floods of mail, and those who try tokens.
        origin: Where the request comes from.
    """

    def __init__(
        self, begin: UnitOfWorkFactory, throttle: ThrottleService, origin: ClientInfo
    ) -> None:
        self._begin = begin
        self._links = MailLinks(begin, throttle, origin)
        self._origin = origin

    async def resend(self, email: str) -> None:
        """Have a link mailed, if the address is somebody's; nobody is looked up for it.

        Raises:
            TooManyRequestsError: If too many are asked for.
        """
        await self._links.send(MailPurpose.VERIFY_EMAIL, email)

    async def verify(self, secret: str) -> None:
        """Take it that an address is its user's, who has got a mail there.

        Raises:
            InvalidMailTokenError: If the token is not valid, or the user has another
                address now.
            TooManyRequestsError: If this client has shown too many tokens that were not
                valid.
        """
        token, _ = await self._links.find(secret, MailPurpose.VERIFY_EMAIL)
        async with self._begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await unit.audit_events.record(
                AuditAction.EMAIL_VERIFIED, user.id, self._origin
            )


class EmailChangeService:
    """Moves users to other addresses, which must be theirs.

    Args:
        begin: Begins a unit of work.
        reauthentication: Asks for the password.
        throttle: Slows down floods of mail, and those who try tokens.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        reauthentication: Reauthentication,
        throttle: ThrottleService,
        origin: ClientInfo,
    ) -> None:
        self._begin = begin
        self._reauthentication = reauthentication
        self._throttle = throttle
        self._links = MailLinks(begin, throttle, origin)
        self._origin = origin

    async def request(self, caller: Principal, data: EmailChange) -> None:
        """Have a link mailed to a new address; until it is used, nothing changes.

        The last request counts: the links of former ones end.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            InvalidError: If the address is the caller's already.
            WrongPasswordError: If the password is wrong.
            TooManyRequestsError: If too many passwords were wrong, or too many mails
                asked for.
            ConflictError: If the address is taken, or somebody else changes the
                account.
        """
        caller.require_all_scopes()
        if fold(data.email) == caller.user.email_key:
            message = "This is your address already."
            raise InvalidError(message, fields={"email": [message]})
        mails = self._throttle.mails(data.email, self._origin)
        await self._throttle.check(mails)
        password = data.current_password.get_secret_value()
        failure = AuditAction.EMAIL_CHANGE_FAILED
        await self._reauthentication.require(caller.user, password, failure)
        await self._throttle.take(mails)
        async with self._begin() as unit:
            if (
                await unit.users.find_unchanged(
                    caller.user.id, caller.user.hashed_password
                )
                is None
            ):
                raise ConflictError("Somebody else has just changed this.")
            await self._reauthentication.forgive(unit, caller.user)
            if is_free := await unit.users.find_by_login(data.email) is None:
                await self._queue_link(unit, caller.user, data.email)
        if not is_free:
            message = "This value is already taken."
            raise ConflictError(message, fields={"email": [message]})

    async def confirm(self, secret: str) -> None:
        """Change an address to the one where the mail has arrived; the former one is told.

        Sessions stay: no means of logging in was replaced, the password was asked for,
        and its owner can end all of them at any time (ASVS 5.0, 7.4.3). All other links
        end. A token that is refused because the address is taken stays good: it may
        become free.

        Raises:
            InvalidMailTokenError: If the token is not valid.
            TooManyRequestsError: If this client has shown too many tokens that were not
                valid.
            DBAPIError: If somebody has taken the address meanwhile; becomes 409.
        """
        token, _ = await self._links.find(secret, MailPurpose.CHANGE_EMAIL)
        async with self._begin() as unit:
            user = await use_link(unit, token)
            former = user.email
            await unit.users.update(user, {"email": token.email, "is_verified": True})
            await end_links(unit, user)
            await unit.outbox.queue(MailPurpose.EMAIL_CHANGED, former, user_id=user.id)
            await unit.audit_events.record(
                AuditAction.EMAIL_CHANGED, user.id, self._origin
            )

    async def _queue_link(self, unit: UnitOfWork, user: User, email: str) -> None:
        await unit.mail_tokens.end_all(user.id, MailPurpose.CHANGE_EMAIL)
        await unit.outbox.withdraw(user.id, MailPurpose.CHANGE_EMAIL)
        await unit.outbox.queue(MailPurpose.CHANGE_EMAIL, email, user_id=user.id)
        action = AuditAction.EMAIL_CHANGE_REQUESTED
        await unit.audit_events.record(action, user.id, self._origin, actor_id=user.id)
