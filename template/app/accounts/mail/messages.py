"""What mail of accounts says, and whether it is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.models import MailPurpose, User
from app.core.mail.message import EmailRenderer, in_words
from app.core.mail.outbox import OutboxMail
from app.core.mail.settings import MailSettings
from app.core.mail.worker import Write
from app.core.security.opaque_tokens import digest, new_token

TEMPLATES = Path(__file__).parent / "templates"
PAGES = {
    MailPurpose.VERIFY_EMAIL: "verify-email",
    MailPurpose.RESET_PASSWORD: "reset-password",
    MailPurpose.CHANGE_EMAIL: "confirm-email",
}
"""The page of the web application that a link leads to."""


@dataclass(frozen=True)
class AccountMailWriter:
    """Decides what mail of accounts is sent, to whom, and writes it."""

    project_name: str
    settings: MailSettings

    @cached_property
    def _renderer(self) -> EmailRenderer:
        return EmailRenderer(TEMPLATES, self.settings.sender, self.project_name)

    @property
    def purposes(self) -> Collection[str]:
        """The purposes of mail that it can write."""
        return list(MailPurpose)

    async def prepare(self, session: AsyncSession, mail: OutboxMail) -> Write | None:
        """Decide what to send; `None` means nothing, to nobody.

        The token is made here: former ones of the same purpose are dead as soon as it
        exists.
        """
        unit, purpose = UnitOfWork(session), MailPurpose(mail.purpose)
        # Users are locked before mail, as everybody else does it.
        user = await lock_user(unit, mail)
        minutes = self._token_minutes(purpose)
        if minutes is None:
            return partial(self.write, purpose, mail.recipient)
        if user is None or not user.is_active:
            return None
        address = await proven_address(unit, mail, user)
        if address is None:
            return None
        token = new_token()
        expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
        await unit.mail_tokens.replace(
            user.id, purpose, address, digest(token), expires_at
        )
        return partial(self.write, purpose, address, token=token, minutes=minutes)

    def _token_minutes(self, purpose: MailPurpose) -> int | None:
        """Return how long a token can be used; `None` if the purpose needs none."""
        minutes = {
            MailPurpose.VERIFY_EMAIL: self.settings.verify_minutes,
            MailPurpose.RESET_PASSWORD: self.settings.reset_minutes,
            MailPurpose.CHANGE_EMAIL: self.settings.reset_minutes,
        }
        return minutes.get(purpose)

    def write(
        self,
        purpose: MailPurpose,
        recipient: str,
        *,
        token: str | None = None,
        minutes: int = 0,
    ) -> EmailMessage:
        """Write a message, as text and as HTML."""
        values = {
            "token": token,
            "link": self._link(purpose, token),
            "lifetime": in_words(minutes),
        }
        return self._renderer.render(purpose, recipient, values)

    def _link(self, purpose: MailPurpose, token: str | None) -> str | None:
        """Return the link; what follows `#` stays out of servers' logs and `Referer`."""
        if token is None or self.settings.frontend_url is None:
            return None
        return f"{self.settings.frontend_url}/{PAGES[purpose]}#token={token}"


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
