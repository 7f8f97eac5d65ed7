"""Messages as mail servers take them (RFC 5322)."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from email_validator import validate_email


def new_message(
    sender: str, sender_name: str, recipient: str, subject: str
) -> EmailMessage:
    """Create a message with its headers; the caller sets what it says.

    Raises:
        ValueError: If an address is not valid.
    """
    origin = to_header(sender, sender_name)
    message = EmailMessage()
    message["From"] = origin
    message["To"] = to_header(recipient)
    message["Subject"] = subject
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = make_msgid(domain=origin.domain)
    # Nobody's absence note answers this (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
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
