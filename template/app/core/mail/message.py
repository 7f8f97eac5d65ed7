"""Messages: what people read.

No text that users chose is ever part of one: somebody could register with a stranger's address,
and an advertisement as the name.
"""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from email_validator import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.core.mail.purposes import MailPurpose
from app.core.settings.mail import MailSettings

TEMPLATES = Path(__file__).parent / "templates"

PAGES = {
    MailPurpose.VERIFY_EMAIL: "verify-email",
    MailPurpose.RESET_PASSWORD: "reset-password",
    MailPurpose.CHANGE_EMAIL: "confirm-email",
}
"""The page of the web application that a link leads to."""


class Composer:
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
        self, purpose: MailPurpose, recipient: str, *, token: str | None = None, minutes: int = 0
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
