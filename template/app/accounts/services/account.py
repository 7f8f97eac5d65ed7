"""Passwords and addresses of accounts: changing, resetting and verifying them."""

from app.accounts.models import AuditAction, MailPurpose
from app.accounts.principal import Principal
from app.accounts.schemas import EmailChange, PasswordChange, PasswordReset
from app.accounts.services.base import AccountService, end_links, use_link
from app.core.errors import ConflictError, InvalidError
from app.core.fields.text import fold
from app.core.mail.outbox import queue_mail, withdraw_mail
from app.core.security.passwords import normalize


class PasswordService(AccountService):
    """Sets new passwords for who knows the current one, or reads the user's mail."""

    async def change(self, principal: Principal, data: PasswordChange) -> None:
        """Change the caller's password, and end all other sessions (ASVS 5.0, 7.4.3).

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            InvalidError: If the new password is not good enough.
            WrongPasswordError: If the current one is wrong.
            LoginThrottledError: If this comes too early after too many failures.
            ConflictError: If somebody else has changed it meanwhile.
        """
        principal.require_all_scopes()
        user, field = principal.user, "new_password"
        new = data.new_password.get_secret_value()
        current = data.current_password.get_secret_value()
        self.policy.check(new, personal=(user.email, user.username), field=field)
        if normalize(new) == normalize(current):
            raise InvalidError("It must differ from the current one.", field=field)
        await self.require_password(user, current, AuditAction.PASSWORD_CHANGE_FAILED)
        hashed = await self.hash(new)
        async with self.begin() as unit:
            unchanged = await unit.users.find_unchanged(user)
            if unchanged is None:
                raise ConflictError("Somebody else has just changed this.")
            staying = principal.session.id
            await self.set_password(unit, unchanged, hashed, staying=staying)
            await self.record(unit, AuditAction.PASSWORD_CHANGED, user, by_user=True)

    async def reset(self, data: PasswordReset) -> None:
        """Set a forgotten password; all sessions end (ASVS 5.0, 7.4.3).

        Only a password that is good enough uses the token up. It has proved the address
        as well.

        Raises:
            InvalidLinkError: If the token is not valid.
            InvalidError: If the password is not good enough.
            LoginThrottledError: If this client has shown too many that were not valid.
        """
        token, owner = await self.find_link(data.token, MailPurpose.RESET_PASSWORD)
        password = data.new_password.get_secret_value()
        names = (owner.email, owner.username)
        self.policy.check(password, personal=names, field="new_password")
        hashed = await self.hash(password)
        async with self.begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await self.set_password(unit, user, hashed)
            await self.record(unit, AuditAction.PASSWORD_RESET, user)


class EmailService(AccountService):
    """Makes sure that addresses are those of their users, and moves users to others."""

    async def verify(self, secret: str) -> None:
        """Verify the address of a user who has got a mail there; like links end.

        Raises:
            InvalidLinkError: If the token is not valid, or the user has another address
                now.
            LoginThrottledError: If this client has shown too many that were not valid.
        """
        token, _ = await self.find_link(secret, MailPurpose.VERIFY_EMAIL)
        async with self.begin() as unit:
            user = await use_link(unit, token)
            await unit.mail_tokens.end_all(user.id, MailPurpose.VERIFY_EMAIL)
            user.is_verified = True
            await self.record(unit, AuditAction.EMAIL_VERIFIED, user)

    async def request_change(self, principal: Principal, data: EmailChange) -> None:
        """Have a link mailed to a new address, in place of former ones.

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
        user, purpose = principal.user, MailPurpose.CHANGE_EMAIL
        if fold(data.email) == user.email_key:
            raise InvalidError("This is your address already.", field="email")
        mails = self.throttle.mails(purpose, data.email, self.client)
        await self.throttle.check(mails)
        password = data.current_password.get_secret_value()
        await self.require_password(user, password, AuditAction.EMAIL_CHANGE_FAILED)
        await self.throttle.take(mails)
        async with self.begin() as unit:
            if await unit.users.find_unchanged(user) is None:
                raise ConflictError("Somebody else has just changed this.")
            await self.throttle.reset(unit, self.throttle.reauthentications(user.id))
            if is_free := await unit.users.find_by_login(data.email) is None:
                await unit.mail_tokens.end_all(user.id, purpose)
                await withdraw_mail(unit.session, purpose, user.id)
                await queue_mail(unit.session, purpose, data.email, user.id)
                action = AuditAction.EMAIL_CHANGE_REQUESTED
                await self.record(unit, action, user, by_user=True)
        if not is_free:
            raise ConflictError("This value is already taken.", field="email")

    async def confirm_change(self, secret: str) -> None:
        """Change an address to that where the mail has arrived; the former one is told.

        Sessions stay: no means of logging in was replaced, the password was asked for,
        and its owner can end all of them at any time (ASVS 5.0, 7.4.3). All other links
        end. A token that is refused because the address is taken stays good: it may
        become free.

        Raises:
            InvalidLinkError: If the token is not valid.
            LoginThrottledError: If this client has shown too many that were not valid.
            DBAPIError: If somebody has taken the address meanwhile; becomes 409.
        """
        token, _ = await self.find_link(secret, MailPurpose.CHANGE_EMAIL)
        async with self.begin() as unit:
            user = await use_link(unit, token)
            former, purpose = user.email, MailPurpose.EMAIL_CHANGED
            await unit.users.update(user, {"email": token.email, "is_verified": True})
            await end_links(unit, user)
            await queue_mail(unit.session, purpose, former, user.id)
            await self.record(unit, AuditAction.EMAIL_CHANGED, user)
