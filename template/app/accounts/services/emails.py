"""Verifying and changing e-mail addresses."""

from dataclasses import dataclass

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.models import MailPurpose, User
from app.accounts.principal import Principal
from app.accounts.schemas import EmailChange
from app.accounts.services.context import AccountContext, end_links, use_link
from app.core.errors import ConflictError, InvalidError
from app.core.fields.text import fold


@dataclass(frozen=True)
class EmailService:
    """Makes sure that addresses are those of their users, and moves users to others."""

    context: AccountContext

    async def resend_verification(self, email: str) -> None:
        """Have a link mailed, if the address is somebody's; nobody is looked up for it.

        Raises:
            LoginThrottledError: If too many are asked for.
        """
        await self.context.send_link(MailPurpose.VERIFY_EMAIL, email)

    async def verify(self, secret: str) -> None:
        """Verify the address of a user who has got a mail there.

        Raises:
            InvalidLinkError: If the token is not valid, or the user has another address
                now.
            LoginThrottledError: If this client has shown too many tokens that were not
                valid.
        """
        token, _ = await self.context.find_link(secret, MailPurpose.VERIFY_EMAIL)
        async with self.context.begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await self.context.record(unit, AuditAction.EMAIL_VERIFIED, user)

    async def request_change(self, principal: Principal, data: EmailChange) -> None:
        """Have a link mailed to a new address; until it is used, nothing changes.

        The last request counts: the links of former ones end.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            InvalidError: If the address is the caller's already.
            WrongPasswordError: If the password is wrong.
            LoginThrottledError: If too many passwords were wrong, or too many mails
                asked for.
            ConflictError: If the address is taken, or somebody else changes the
                account.
        """
        principal.require_all_scopes()
        context, user = self.context, principal.user
        if fold(data.email) == user.email_key:
            message = "This is your address already."
            raise InvalidError(message, fields={"email": [message]})
        mails = context.throttle.mails(data.email, context.client)
        await context.throttle.check(mails)
        password = data.current_password.get_secret_value()
        failure = AuditAction.EMAIL_CHANGE_FAILED
        await context.require_password(user, password, failure)
        await context.throttle.take(mails)
        async with context.begin() as unit:
            unchanged = await unit.users.find_unchanged(user.id, user.hashed_password)
            if unchanged is None:
                raise ConflictError("Somebody else has just changed this.")
            await context.reset_password_attempts(unit, user)
            if is_free := await unit.users.find_by_login(data.email) is None:
                await self._queue_link(unit, user, data.email)
        if not is_free:
            message = "This value is already taken."
            raise ConflictError(message, fields={"email": [message]})

    async def confirm_change(self, secret: str) -> None:
        """Change an address to that where the mail has arrived; the former one is told.

        Sessions stay: no means of logging in was replaced, the password was asked for,
        and its owner can end all of them at any time (ASVS 5.0, 7.4.3). All other links
        end. A token that is refused because the address is taken stays good: it may
        become free.

        Raises:
            InvalidLinkError: If the token is not valid.
            LoginThrottledError: If this client has shown too many tokens that were not
                valid.
            DBAPIError: If somebody has taken the address meanwhile; becomes 409.
        """
        token, _ = await self.context.find_link(secret, MailPurpose.CHANGE_EMAIL)
        async with self.context.begin() as unit:
            user = await use_link(unit, token)
            former = user.email
            await unit.users.update(user, {"email": token.email, "is_verified": True})
            await end_links(unit, user)
            await unit.outbox.queue(MailPurpose.EMAIL_CHANGED, former, owner_id=user.id)
            await self.context.record(unit, AuditAction.EMAIL_CHANGED, user)

    async def _queue_link(self, unit: UnitOfWork, user: User, email: str) -> None:
        await unit.mail_tokens.end_all(user.id, MailPurpose.CHANGE_EMAIL)
        await unit.outbox.withdraw(user.id, MailPurpose.CHANGE_EMAIL)
        await unit.outbox.queue(MailPurpose.CHANGE_EMAIL, email, owner_id=user.id)
        action = AuditAction.EMAIL_CHANGE_REQUESTED
        await self.context.record(unit, action, user, by_user=True)
