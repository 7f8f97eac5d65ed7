"""What is decided about a mail, just before it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.mail.purposes import MailPurpose
from app.core.security.opaque_tokens import digest, new_token
from app.core.settings.mail import MailSettings
from app.crud.unit_of_work import UnitOfWork
from app.models.outbox_mail import OutboxMail
from app.models.user import User


@dataclass(frozen=True)
class Letter:
    """A mail that can be written.

    Attributes:
        purpose: What it is for.
        address: Where it goes.
        token: What it proves to have read it, where the purpose needs a proof.
        minutes: How long the token can be used.
    """

    purpose: MailPurpose
    address: str
    token: str | None = None
    minutes: int = 0


def token_minutes(purpose: MailPurpose, settings: MailSettings) -> int | None:
    """Tell how long a token can be used; `None` means that the purpose needs none."""
    minutes = {
        MailPurpose.VERIFY_EMAIL: settings.verify_minutes,
        MailPurpose.RESET_PASSWORD: settings.reset_minutes,
        MailPurpose.CHANGE_EMAIL: settings.change_minutes,
    }
    return minutes.get(purpose)


async def lock_user(unit: UnitOfWork, mail: OutboxMail) -> User | None:
    """Find whom a mail concerns; what others did to the account meanwhile is seen."""
    user_id = mail.user_id
    if user_id is None:
        found = await unit.users.find_by_login(mail.recipient)
        user_id = found.id if found else None
    return await unit.users.get(user_id, for_update=True) if user_id else None


async def prepare_letter(
    unit: UnitOfWork, mail: OutboxMail, user: User | None, settings: MailSettings, moment: datetime
) -> Letter | None:
    """Decide what to send, to whom; `None` means nothing, to nobody.

    The token is made here: former ones of the same purpose are dead as soon as it exists.

    Args:
        unit: The unit of work, in which the user is locked.
        mail: What waits in the outbox.
        user: Whom it concerns.
        settings: How long tokens last.
        moment: When this is.
    """
    purpose = MailPurpose(mail.purpose)
    minutes = token_minutes(purpose, settings)
    if minutes is None:
        return Letter(purpose, mail.recipient)
    if user is None or not user.is_active:
        return None
    address = await proven_address(unit, mail, user)
    if address is None:
        return None
    token, expires_at = new_token(), moment + timedelta(minutes=minutes)
    await unit.mail_tokens.replace(user.id, purpose, address, digest(token), expires_at)
    return Letter(purpose, address, token, minutes)


async def proven_address(unit: UnitOfWork, mail: OutboxMail, user: User) -> str | None:
    """Tell which address a token is to prove; `None` means that none need be, or can be.

    It is the one on record, not one that somebody typed, unless it is a new one.
    """
    if mail.purpose == MailPurpose.CHANGE_EMAIL:
        holder = await unit.users.find_by_login(mail.recipient)
        return mail.recipient if holder is None or holder.id == user.id else None
    done = mail.purpose == MailPurpose.VERIFY_EMAIL and user.is_verified
    return None if done else user.email
