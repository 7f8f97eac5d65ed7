"""What mail of accounts says, and whether it is still to be sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.crud import UnitOfWork
from app.accounts.models import MailPurpose, MailToken, User
from app.accounts.settings import AccountsSettings
from app.core.mail.message import EmailRenderer
from app.core.mail.outbox import OutboxMail, OutboxWorker, Write
from app.core.mail.transport import MailSettings, make_mailer
from app.core.security.opaque_tokens import digest, new_token

TEMPLATES = Path(__file__).parent / "templates"
PAGES = {
    MailPurpose.VERIFY_EMAIL: "verify-email",
    MailPurpose.RESET_PASSWORD: "reset-password",
    MailPurpose.CHANGE_EMAIL: "confirm-email",
}
"""The page of the web application that a link leads to; other mail has no token."""
VERIFY_MINUTES = 1440
"""How long a token verifies an address."""


@dataclass(frozen=True)
class AccountMailWriter:
    """Decides what mail of accounts is sent, to whom, and writes it."""

    project_name: str
    settings: MailSettings

    @cached_property
    def _renderer(self) -> EmailRenderer:
        return EmailRenderer(TEMPLATES, self.settings.sender, self.project_name)

    async def prepare(self, session: AsyncSession, mail: OutboxMail) -> Write | None:
        """Decide what to send; a token is made here. See `core.mail.outbox.Prepare`."""
        unit, purpose = UnitOfWork(session), MailPurpose(mail.purpose)
        # Users are locked before mail, as everybody else does it.
        user = await lock_user(unit, mail)
        if purpose not in PAGES:
            return partial(self.write, purpose, mail.recipient)
        if user is None or not user.is_active:
            return None
        address = await proven_address(unit, mail, user)
        if address is None:
            return None
        token, minutes = new_token(), self.settings.reset_minutes
        if purpose == MailPurpose.VERIFY_EMAIL:
            minutes = VERIFY_MINUTES
        expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
        row = MailToken(user_id=user.id, purpose=purpose.value, email=address)
        row.digest, row.expires_at = digest(token), expires_at
        row.asked_by = mail.asked_by
        await unit.mail_tokens.replace(row)
        return partial(self.write, purpose, address, token=token, minutes=minutes)

    def write(
        self,
        purpose: MailPurpose,
        recipient: str,
        *,
        token: str | None = None,
        minutes: int = 0,
    ) -> EmailMessage:
        """Write a message, as text and as HTML."""
        site, link = self.settings.frontend_url, None
        if token and site:
            # What follows `#` stays out of servers' logs and of `Referer`.
            link = f"{site}/{PAGES[purpose]}#token={token}"
        is_whole = minutes % 60 == 0
        number, unit = (minutes // 60, "hour") if is_whole else (minutes, "minute")
        lifetime = f"{number} {unit}{'' if number == 1 else 's'}"
        values = {"token": token, "link": link, "lifetime": lifetime}
        return self._renderer.render(purpose, recipient, values)


def mail_worker(
    sessions: async_sessionmaker[AsyncSession], settings: AccountsSettings
) -> OutboxWorker:
    """Create what sends the mail of accounts."""
    mailer = make_mailer(settings.mail, settings.mail_backend)
    writer = AccountMailWriter(settings.project_name, settings.mail)
    return OutboxWorker(sessions, mailer, list(MailPurpose), writer.prepare)


async def lock_user(unit: UnitOfWork, mail: OutboxMail) -> User | None:
    """Find whom a mail concerns; what others did to the account meanwhile is seen."""
    user_id = mail.owner_id
    if user_id is None:
        found = await unit.users.find_by_login(mail.recipient)
        user_id = found.id if found else None
    return await unit.users.get(user_id, for_update=True) if user_id else None


async def proven_address(unit: UnitOfWork, mail: OutboxMail, user: User) -> str | None:
    """Return which address a token proves; `None` if none need be proved, or can be.

    It is the one on record, not one that somebody typed, unless it is a new one.
    """
    if mail.purpose == MailPurpose.CHANGE_EMAIL:
        holder = await unit.users.find_by_login(mail.recipient)
        return mail.recipient if holder is None or holder.id == user.id else None
    done = mail.purpose == MailPurpose.VERIFY_EMAIL and user.is_verified
    return None if done else user.email
