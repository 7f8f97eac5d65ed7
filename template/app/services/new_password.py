"""What follows whenever a password is set."""

from uuid import UUID

from app.core.mail.purposes import MailPurpose
from app.crud.unit_of_work import UnitOfWork
from app.models.user import User
from app.services.mail_links import end_links
from app.services.throttle import ThrottleService


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
        await unit.outbox.queue(MailPurpose.PASSWORD_CHANGED, user.email, user_id=user.id)
