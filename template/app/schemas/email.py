"""E-mail addresses."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.lower_case_email import MAX_LENGTH, normalize_email
from app.schemas.texts import PlainText

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
