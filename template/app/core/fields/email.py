"""E-mail addresses."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from app.core.fields.text import PlainText

MAX_LENGTH = 254


def normalize_email(value: str) -> str:
    """Return an address (RFC 5321, RFC 6531) in its usual form; it need not exist."""
    try:
        # Addresses under `.test` reach nobody (RFC 2606): for trying things out.
        return validate_email(
            value, check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        raise ValueError("must be an e-mail address, like ada@example.com") from None


EmailAddress = Annotated[
    str,
    PlainText(MAX_LENGTH, required=True),
    AfterValidator(normalize_email),
    Field(
        description="Unique e-mail address.",
        examples=["ada@example.com"],
        json_schema_extra={"format": "email"},
    ),
]
