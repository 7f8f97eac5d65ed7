"""Asking for the password again, before something important (ASVS 5.0, 7.5.1)."""

from app.core.security.audit import AuditAction
from app.core.security.errors import WrongPasswordError
from app.core.security.origin import Origin
from app.core.security.passwords import Passwords
from app.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.models.user import User
from app.services.throttle import ThrottleService


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
        passwords: Passwords,
        throttle: ThrottleService,
        origin: Origin,
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
            await unit.audit_events.record(failure, user.id, self._origin, actor_id=user.id)
        raise WrongPasswordError("current_password")

    async def forgive(self, unit: UnitOfWork, user: User) -> None:
        """Take back the attempt that has succeeded."""
        await self._throttle.forgive(unit, self._throttle.reauthentications(user.id))
