"""Verifying e-mail addresses."""

from app.core.mail.purposes import MailPurpose
from app.core.security.audit import AuditAction
from app.core.security.origin import Origin
from app.crud.unit_of_work import UnitOfWorkFactory
from app.services.mail_links import MailLinks, use_link
from app.services.throttle import ThrottleService


class VerificationService:
    """Makes sure that addresses are those of their users.

    Args:
        begin: Begins a unit of work.
        throttle: Slows down floods of mail, and those who try tokens.
        origin: Where the request comes from.
    """

    def __init__(self, begin: UnitOfWorkFactory, throttle: ThrottleService, origin: Origin) -> None:
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
            InvalidMailTokenError: If the token is not valid, or the user has another address now.
            TooManyRequestsError: If this client has shown too many tokens that were not valid.
        """
        token, _ = await self._links.find(secret, MailPurpose.VERIFY_EMAIL)
        async with self._begin() as unit:
            user = await use_link(unit, token)
            user.is_verified = True
            await unit.audit_events.record(AuditAction.EMAIL_VERIFIED, user.id, self._origin)
