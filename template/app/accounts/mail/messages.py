"""What is decided about a mail, just before it is sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from email_validator import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.mail.purposes import MailPurpose
from app.accounts.models.account import User
from app.core.mail.outbox import OutboxMail
from app.core.mail.settings import MailSettings
from app.core.security.opaque_tokens import digest, new_token

TEMPLATES = Path(__file__).parent / "templates"

PAGES = {
    MailPurpose.VERIFY_EMAIL: "verify-email",
    MailPurpose.RESET_PASSWORD: "reset-password",
    MailPurpose.CHANGE_EMAIL: "confirm-email",
}
"""The page of the web application that a link leads to."""


class EmailRenderer:
    """Writes messages.

    Args:
        project_name: What people know the application as.
        settings: Whom messages come from, where links lead to and how long tokens last.
    """

    def __init__(self, project_name: str, settings: MailSettings) -> None:
        self._project_name = project_name
        self._settings = settings
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def compose(
        self,
        purpose: MailPurpose,
        recipient: str,
        *,
        token: str | None = None,
        minutes: int = 0,
    ) -> EmailMessage:
        """Write a message, as text and as HTML.

        Args:
            purpose: What it is for; this chooses the templates.
            recipient: The address of the one person who gets it.
            token: What it proves to have read it, where the purpose needs a proof.
            minutes: How long the token can be used.
        """
        values = {
            "project_name": self._project_name,
            "token": token,
            "link": self._link(purpose, token),
            "lifetime": in_words(minutes),
        }
        # The text begins with the subject, on a line of its own.
        subject, _, text = self._render(f"{purpose}.txt", values).partition("\n")
        message = self._envelope(recipient, subject)
        message.set_content(text.lstrip())
        message.add_alternative(self._render(f"{purpose}.html", values), subtype="html")
        return message

    def _envelope(self, recipient: str, subject: str) -> EmailMessage:
        sender = to_header(self._settings.sender, self._project_name)
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to_header(recipient)
        message["Subject"] = subject
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = make_msgid(domain=sender.domain)
        # Nobody's absence note answers this (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _render(self, name: str, values: dict[str, str | None]) -> str:
        return self._templates.get_template(name).render(values)

    def _link(self, purpose: MailPurpose, token: str | None) -> str | None:
        """Give the link; browsers keep the part after `#` from servers, their logs and `Referer`."""
        if token is None or self._settings.frontend_url is None:
            return None
        return f"{self._settings.frontend_url}/{PAGES[purpose]}#token={token}"


def to_header(address: str, name: str = "") -> Address:
    """Give an address as headers have it: its domain in ASCII, which every server understands.

    Raises:
        ValueError: If it is none; line breaks cannot add headers.
    """
    if address.endswith("@localhost"):
        return Address(name, addr_spec=address)
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return Address(name, checked.local_part, checked.ascii_domain)


def in_words(minutes: int) -> str:
    """Say how long something lasts."""
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


@dataclass(frozen=True)
class OutgoingEmail:
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


async def prepare_email(
    unit: UnitOfWork,
    mail: OutboxMail,
    user: User | None,
    settings: MailSettings,
    moment: datetime,
) -> OutgoingEmail | None:
    """Decide what to send, to whom; `None` means nothing, to nobody.

    The token is made here: former ones of the same purpose are dead as soon as it
    exists.

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
        return OutgoingEmail(purpose, mail.recipient)
    if user is None or not user.is_active:
        return None
    address = await proven_address(unit, mail, user)
    if address is None:
        return None
    token, expires_at = new_token(), moment + timedelta(minutes=minutes)
    await unit.mail_tokens.replace(user.id, purpose, address, digest(token), expires_at)
    return OutgoingEmail(purpose, address, token, minutes)


async def proven_address(unit: UnitOfWork, mail: OutboxMail, user: User) -> str | None:
    """Tell which address a token is to prove; `None` means that none need be, or can be.

    It is the one on record, not one that somebody typed, unless it is a new one.
    """
    if mail.purpose == MailPurpose.CHANGE_EMAIL:
        holder = await unit.users.find_by_login(mail.recipient)
        return mail.recipient if holder is None or holder.id == user.id else None
    done = mail.purpose == MailPurpose.VERIFY_EMAIL and user.is_verified
    return None if done else user.email
