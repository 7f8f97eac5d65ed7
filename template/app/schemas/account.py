"""Request bodies of what people do with their own accounts."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import PatchSchema, RequestSchema, omittable
from app.schemas.email import EmailAddress
from app.schemas.password import NewPassword, Password
from app.schemas.texts import PlainText

Username = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{2,29}$",
        description="Unique user name: 3 to 30 letters, digits, dots, hyphens and underscores.",
        examples=["ada"],
    ),
]
FullName = Annotated[
    str, PlainText(120), Field(description="Name for people.", examples=["Ada Lovelace"])
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
