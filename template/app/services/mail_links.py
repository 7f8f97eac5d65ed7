"""Links that go by mail, and the tokens that come back from them."""

from app.core.mail.purposes import MailPurpose
from app.core.security.errors import InvalidMailTokenError
from app.core.security.opaque_tokens import digest
from app.core.security.origin import Origin
from app.core.text import fold
from app.crud.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.models.mail_token import MailToken
from app.models.user import User
from app.services.throttle import ThrottleService


class MailLinks:
    """Has links mailed to whoever asks for one, and takes their tokens.

    Args:
        begin: Begins a unit of work.
        throttle: Slows down floods of mail, and those who try tokens.
        origin: Where the request comes from.
    """

    def __init__(self, begin: UnitOfWorkFactory, throttle: ThrottleService, origin: Origin) -> None:
        self._begin = begin
        self._throttle = throttle
        self._origin = origin

    async def send(self, purpose: MailPurpose, recipient: str) -> None:
        """Have a link mailed, if the address is somebody's.

        Nobody is looked up before the answer is given, so neither it nor its time tells whose the
        address is: whoever sends the mail finds out.

        Raises:
            TooManyRequestsError: If too many are asked for.
        """
        await self._throttle.take(self._throttle.mails(recipient, self._origin))
        async with self._begin() as unit:
            await unit.outbox.queue(purpose, recipient)

    async def find(self, token: str, purpose: MailPurpose) -> tuple[MailToken, User]:
        """Find a token, and whose it is; that uses nothing up.

        Raises:
            InvalidMailTokenError: If it is unknown, used, expired or for something else.
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
        InvalidMailTokenError: If somebody was faster, or the user is disabled, or has another
            address by now.
    """
    user = await unit.users.get(token.user_id, for_update=True)
    is_mine = await unit.mail_tokens.use(token)
    if user is None or not user.is_active or not is_mine:
        raise InvalidMailTokenError
    if token.purpose != MailPurpose.CHANGE_EMAIL and fold(token.email) != user.email_key:
        raise InvalidMailTokenError
    return user


async def end_links(unit: UnitOfWork, user: User) -> None:
    """End all links that a user was sent, and the one that waits to be sent to another address."""
    await unit.mail_tokens.end_all(user.id)
    await unit.outbox.withdraw(user.id, MailPurpose.CHANGE_EMAIL)
