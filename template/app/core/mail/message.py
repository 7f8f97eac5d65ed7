"""Messages as mail servers take them (RFC 5322), written from templates."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from email_validator import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


class EmailRenderer:
    """Writes messages from the templates in a folder: `NAME.txt` and `NAME.html`.

    The text begins with the subject, on a line of its own.
    """

    def __init__(self, folder: Path, sender: str, sender_name: str) -> None:
        self._sender, self._sender_name = sender, sender_name
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self, name: str, recipient: str, values: dict[str, str | None]
    ) -> EmailMessage:
        """Write a message to the one person who gets it."""
        values = {"project_name": self._sender_name, **values}
        whole = self._templates.get_template(f"{name}.txt").render(values)
        subject, _, text = whole.partition("\n")
        sender = to_header(self._sender, self._sender_name)
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to_header(recipient)
        message["Subject"] = subject
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = make_msgid(domain=sender.domain)
        # Nobody's absence note answers this (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text.lstrip())
        html = self._templates.get_template(f"{name}.html").render(values)
        message.add_alternative(html, subtype="html")
        return message


def to_header(address: str, name: str = "") -> Address:
    """Return an address with its domain in ASCII, which every server understands.

    Raises:
        ValueError: If it is not valid; line breaks cannot add headers.
    """
    if address.endswith("@localhost"):
        return Address(name, addr_spec=address)
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return Address(name, checked.local_part, checked.ascii_domain)
