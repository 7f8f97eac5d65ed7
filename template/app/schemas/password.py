"""Passwords in requests."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from app.schemas.texts import PlainText

MAX_LENGTH = 1024


def check_text(value: SecretStr) -> SecretStr:
    """Refuse what no keyboard writes; spaces stay, since they are part of a password.

    Raises:
        ValueError: If there is a NUL character.
    """
    PlainText.check(value.get_secret_value())
    return value


Password = Annotated[
    SecretStr,
    Field(max_length=MAX_LENGTH, json_schema_extra={"pattern": r"^[^\x00]*$"}),
    AfterValidator(check_text),
]
"""A password that is compared with a stored one."""

NewPassword = Annotated[
    Password,
    Field(
        description="A new password: long, not a common one, and not your name or address.",
        examples=["seven-otters-at-dawn"],
    ),
]
"""A password that somebody chooses; the settings decide whether it is good enough."""
