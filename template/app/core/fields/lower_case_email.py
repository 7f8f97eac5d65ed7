"""E-mail addresses that are kept in lower case."""

from typing import Annotated

from pydantic import AfterValidator

from app.core.fields.email import MAX_LENGTH, EmailAddress


def lower(value: str) -> str:
    """Take the case away, on which mail does not depend; some letters grow by it."""
    value = value.lower()
    if len(value) > MAX_LENGTH:
        raise ValueError(f"must have at most {MAX_LENGTH} characters")
    return value


LowerCaseEmail = Annotated[EmailAddress, AfterValidator(lower)]
