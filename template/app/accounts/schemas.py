"""Bodies of requests and responses of accounts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StrictBool

from app.accounts.models import AuditAction
from app.accounts.scopes import SCOPES, Role
from app.core.fields.email import EmailAddress
from app.core.fields.text import PlainText
from app.core.fields.times import Moment
from app.core.lists.page import ListQuery, Page, sort_keys
from app.core.schemas import PatchSchema, RequestSchema, ResponseSchema, omittable

MAX_LENGTH = 1024


def check_text(value: SecretStr) -> SecretStr:
    """Refuse a NUL character and lone surrogates; spaces are part of a password."""
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
        description="Long, not a common one, and not your name or address.",
        examples=["seven-otters-at-dawn"],
    ),
]
"""A password that somebody chooses; the settings decide whether it is good enough."""

Username = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{2,29}$",
        description="3 to 30 letters, digits, dots, hyphens, underscores; unique.",
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
    """Refuse scopes that do not exist."""
    if not SCOPES.keys() >= set(value.split()):
        raise ValueError(f"can only have the scopes {', '.join(SCOPES)}")
    return value


Login = Annotated[str, PlainText(254, required=True)]


class Credentials(RequestSchema):
    """What somebody logs in with."""

    username: Login = Field(description="Address or user name.", examples=["ada"])
    password: Password = Field(
        description="The password.", examples=["seven-otters-at-dawn"]
    )
    scope: Annotated[str, PlainText(1000), AfterValidator(check_scopes)] | None = Field(
        None,
        description="Scopes, separated by spaces; by default, all you have.",
        examples=[""],
    )


class AuthSessionRead(ResponseSchema):
    """Where a user is logged in."""

    id: UUID = Field(description="Identifier.")
    user_agent: str = Field(description="Which client.", examples=["curl/8.5.0"])
    address: str = Field(description="From where.", examples=["192.0.2.1"])
    created_at: datetime = Field(description="When the user logged in.")
    last_used_at: datetime = Field(description="When its use was last noted.")
    expires_at: datetime = Field(description="When it ends unless it is used.")
    is_current: bool = Field(default=False, description="Whether it is this one.")


Part = Annotated[str, PlainText(254)]


class UserUpdate(PatchSchema):
    """What administrators can change about a user; what is left out stays."""

    role: Role = omittable()
    is_active: StrictBool = omittable()


class UserRead(ResponseSchema):
    """A user."""

    id: UUID = Field(description="Identifier.")
    email: str = Field(description="E-mail address.", examples=["ada@example.com"])
    username: str = Field(description="User name.", examples=["ada"])
    full_name: str = Field(description="Name for people.", examples=["Ada Lovelace"])
    role: str = Field(description="What the user may do.", examples=[Role.USER.value])
    is_superuser: bool = Field(description="Whether the user may do everything.")
    is_active: bool = Field(description="Whether the user may log in.")
    is_verified: bool = Field(description="Whether the address is verified.")
    created_at: datetime = Field(description="When the user registered.")
    updated_at: datetime = Field(description="When the user was last changed.")


class UserPage(Page[UserRead]):
    """A page of users."""


class UserQuery(ListQuery):
    """Which users to list, in which order."""

    sort: str = sort_keys(
        "email", "username", "created_at", without_index=["updated_at"]
    )
    email__contains: Part | None = Field(None, description="Part, in any case.")
    username__contains: Part | None = Field(None, description="Part, in any case.")
    role: Role | None = Field(None, description="What the user may do.")
    is_active: bool | None = Field(None, description="Whether the user may log in.")
    is_verified: bool | None = Field(None, description="Whether that is verified.")


class AuditEventRead(ResponseSchema):
    """Something that matters for security."""

    id: UUID = Field(description="Identifier.")
    created_at: datetime = Field(description="When it happened.")
    action: str = Field(description="What happened.", examples=["logged_in"])
    user_id: UUID | None = Field(description="Whose account it concerns, if known.")
    actor_id: UUID | None = Field(description="Who did it, if somebody logged in.")
    address: str = Field(description="From where.", examples=["192.0.2.1"])
    user_agent: str = Field(description="Which client.", examples=["curl/8.5.0"])
    request_id: str = Field(description="The request, as answers and the log name it.")


class AuditEventPage(Page[AuditEventRead]):
    """A page of the audit log."""


class AuditEventQuery(ListQuery):
    """Which events to list; there can be millions, so counting is off by default."""

    total: bool = Field(default=False, description="Whether to count all matches.")
    sort: str = sort_keys("created_at")
    user_id: UUID | None = Field(None, description="Whose account it concerns.")
    actor_id: UUID | None = Field(None, description="Who did it.")
    action: AuditAction | None = Field(None, description="What happened.")
    created_at__gte: Moment | None = Field(None, description="Happened at or after.")
    created_at__lt: Moment | None = Field(None, description="Happened before.")
