"""What services work with that begin transactions of their own."""

from dataclasses import dataclass

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.accounts.models import User
from app.accounts.settings import AccountSettings
from app.accounts.throttle.service import ThrottleService
from app.core.http.client import ClientInfo
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher


@dataclass(frozen=True)
class AccountContext:
    """What a request that works with passwords or mailed links needs.

    Attributes:
        begin: Begins a unit of work; none is open while a password is hashed.
        throttle: Slows down guessing, and floods of mail.
        client: Where the request comes from.
    """

    begin: UnitOfWorkFactory
    passwords: PasswordHasher
    policy: PasswordPolicy
    throttle: ThrottleService
    settings: AccountSettings
    client: ClientInfo

    async def hash(self, password: str) -> str:
        """Hash a password, when it is this client's turn.

        Raises:
            UnavailableError: If too many are waiting.
        """
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
