"""Changing passwords, and setting forgotten ones anew."""

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWorkFactory
from app.accounts.mail.purposes import MailPurpose
from app.accounts.principal import Principal
from app.accounts.schemas.account import PasswordChange, PasswordReset
from app.accounts.services.steps import (
    MailLinks,
    Reauthentication,
    set_password,
    use_link,
)
from app.accounts.throttle.service import ThrottleService
from app.core.errors import ConflictError, InvalidError
from app.core.http.client import ClientInfo
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher, normalize


class PasswordService:
    """Lets those set a new password who know the current one, or read the user's mail.

    Args:
        begin: Begins a unit of work.
        passwords: Hashes and verifies.
        policy: Tells which passwords are good enough.
        throttle: Slows down guessing, and floods of mail.
        origin: Where the request comes from.
    """

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passwords: PasswordHasher,
        policy: PasswordPolicy,
        throttle: ThrottleService,
        origin: ClientInfo,
    ) -> None:
        self._begin = begin
        self._passwords = passwords
        self._policy = policy
        self._throttle = throttle
        self._origin = origin
        self._reauthentication = Reauthentication(begin, passwords, throttle, origin)
        self._links = MailLinks(begin, throttle, origin)

    async def change(self, caller: Principal, data: PasswordChange) -> None:
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
        self._policy.check(
            new, personal=(user.email, user.username), field="new_password"
        )
        if normalize(new) == normalize(current):
            message = "It must differ from the current one."
            raise InvalidError(message, fields={"new_password": [message]})
        failure = AuditAction.PASSWORD_CHANGE_FAILED
        await self._reauthentication.require(user, current, failure)
        hashed = await self._passwords.hash(new, client=self._origin.network)
        async with self._begin() as unit:
            unchanged = await unit.users.find_unchanged(user.id, user.hashed_password)
            if unchanged is None:
                raise ConflictError("Somebody else has just changed this.")
            session_id = caller.session.id
            await set_password(
                unit, unchanged, hashed, self._throttle, staying=session_id
            )
            action = AuditAction.PASSWORD_CHANGED
            await unit.audit_events.record(
                action, user.id, self._origin, actor_id=user.id
            )

    async def forgot(self, email: str) -> None:
        """Have a link mailed, if the address is somebody's; nobody is looked up for it.

        Raises:
            TooManyRequestsError: If too many are asked for.
        """
        await self._links.send(MailPurpose.RESET_PASSWORD, email)

    async def reset(self, data: PasswordReset) -> None:
        """Set a password; all sessions end, and who has set it must log in (ASVS 5.0, 7.4.3).

        Only a password that is good enough uses the token up. It has proved the address
        as well.

        Raises:
            InvalidMailTokenError: If the token is not valid.
            InvalidError: If the password is not good enough.
            TooManyRequestsError: If this client has shown too many tokens that were not
                valid.
        """
        token, owner = await self._links.find(data.token, MailPurpose.RESET_PASSWORD)
        password = data.new_password.get_secret_value()
        personal = (owner.email, owner.username)
        self._policy.check(password, personal=personal, field="new_password")
        hashed = await self._passwords.hash(password, client=self._origin.network)
        async with self._begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await set_password(unit, user, hashed, self._throttle)
            await unit.audit_events.record(
                AuditAction.PASSWORD_RESET, user.id, self._origin
            )
