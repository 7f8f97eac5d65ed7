"""Response bodies of sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr

from app.accounts.scopes import SCOPES
from app.core.fields.email import EmailAddress
from app.core.fields.text import PlainText
from app.core.schemas import PatchSchema, RequestSchema, ResponseSchema, omittable

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


Username = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{2,29}$",
        description="Unique user name: 3 to 30 letters, digits, dots, hyphens and underscores.",
        examples=["ada"],
    ),
]
FullName = Annotated[
    str,
    PlainText(120),
    Field(description="Name for people.", examples=["Ada Lovelace"]),
]


class UserCreate(RequestSchema):
    """Somebody who registers."""

    email: EmailAddress
    username: Username
    full_name: FullName = ""
    password: NewPassword


class ProfileUpdate(PatchSchema):
    """What users can change about themselves; what is left out stays."""

    username: Username = omittable()
    full_name: FullName = omittable()


class PasswordChange(RequestSchema):
    """A new password, and the one that it replaces."""

    current_password: Password = Field(description="The password until now.")
    new_password: NewPassword


class MailRequest(RequestSchema):
    """An address to which a link is mailed, if it is somebody's."""

    email: EmailAddress = Field(description="The address of an account.")


class MailedToken(RequestSchema):
    """What proves that somebody has got a mail."""

    token: Annotated[str, PlainText(100, required=True)] = Field(
        description="The token in the mail's link; it can be used once."
    )


class PasswordReset(MailedToken):
    """A new password, in place of a forgotten one."""

    new_password: NewPassword


class EmailChange(RequestSchema):
    """A new address, and the password."""

    email: EmailAddress = Field(description="The new address; a link is mailed to it.")
    current_password: Password = Field(description="The password.")


def check_scopes(value: str) -> str:
    """Refuse scopes that do not exist.

    Raises:
        ValueError: If one does not.
    """
    if not SCOPES.keys() >= set(value.split()):
        raise ValueError(f"can only have the scopes {', '.join(SCOPES)}")
    return value


Login = Annotated[str, PlainText(254, required=True)]


class Credentials(RequestSchema):
    """What somebody logs in with."""

    username: Login = Field(
        description="E-mail address or user name.", examples=["ada"]
    )
    password: Password = Field(
        description="The password.", examples=["seven-otters-at-dawn"]
    )
    scope: Annotated[str, PlainText(1000), AfterValidator(check_scopes)] | None = Field(
        None,
        description="The scopes to ask for, separated by spaces; by default, all you have.",
        examples=[""],
    )


class AuthSessionRead(ResponseSchema):
    """Where a user is logged in."""

    id: UUID = Field(description="Identifier.")
    user_agent: str = Field(
        description="What the client called itself.", examples=["curl/8.5.0"]
    )
    address: str = Field(
        description="From where the user logged in.", examples=["192.0.2.1"]
    )
    created_at: datetime = Field(description="When the user logged in.")
    last_used_at: datetime = Field(description="When its use was last noted.")
    expires_at: datetime = Field(description="When it ends unless it is used.")
    is_current: bool = Field(
        default=False, description="Whether this request is made in it."
    )
