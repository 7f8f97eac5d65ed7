"""Changing passwords, and setting forgotten ones anew."""

from dataclasses import dataclass

from app.accounts.audit import AuditAction
from app.accounts.models import MailPurpose
from app.accounts.principal import Principal
from app.accounts.schemas import PasswordChange, PasswordReset
from app.accounts.services.context import AccountContext, set_password, use_link
from app.core.errors import ConflictError, InvalidError
from app.core.security.passwords import normalize


@dataclass(frozen=True)
class PasswordService:
    """Sets new passwords for who knows the current one, or reads the user's mail."""

    context: AccountContext

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
        context, user = self.context, principal.user
        new = data.new_password.get_secret_value()
        current = data.current_password.get_secret_value()
        personal = (user.email, user.username)
        context.policy.check(new, personal=personal, field="new_password")
        if normalize(new) == normalize(current):
            message = "It must differ from the current one."
            raise InvalidError(message, fields={"new_password": [message]})
        failure = AuditAction.PASSWORD_CHANGE_FAILED
        await context.require_password(user, current, failure)
        hashed = await context.hash(new)
        async with context.begin() as unit:
            unchanged = await unit.users.find_unchanged(user.id, user.hashed_password)
            if unchanged is None:
                raise ConflictError("Somebody else has just changed this.")
            staying = principal.session_id
            await set_password(
                unit, unchanged, hashed, context.throttle, staying=staying
            )
            action = AuditAction.PASSWORD_CHANGED
            await context.record(unit, action, user, by_user=True)

    async def forgot(self, email: str) -> None:
        """Have a link mailed, if the address is somebody's; nobody is looked up for it.

        Raises:
            LoginThrottledError: If too many are asked for.
        """
        await self.context.send_link(MailPurpose.RESET_PASSWORD, email)

    async def reset(self, data: PasswordReset) -> None:
        """Set a forgotten password; all sessions end (ASVS 5.0, 7.4.3).

        Only a password that is good enough uses the token up. It has proved the address
        as well.

        Raises:
            InvalidLinkError: If the token is not valid.
            InvalidError: If the password is not good enough.
            LoginThrottledError: If this client has shown too many tokens that were not
                valid.
        """
        context, purpose = self.context, MailPurpose.RESET_PASSWORD
        token, owner = await context.find_link(data.token, purpose)
        password = data.new_password.get_secret_value()
        personal = (owner.email, owner.username)
        context.policy.check(password, personal=personal, field="new_password")
        hashed = await context.hash(password)
        async with context.begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await set_password(unit, user, hashed, context.throttle)
            await context.record(unit, AuditAction.PASSWORD_RESET, user)
