"""Request and response bodies of users."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.core.security.scopes import Role
from app.schemas.base import PatchSchema, RequestSchema, ResponseSchema, omittable
from app.schemas.email import EmailAddress
from app.schemas.page import ListQuery, Page, sort_keys
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
LoginPart = Annotated[str, PlainText(254)]


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
    is_verified: bool = Field(description="Whether the address is known to be the user's.")
    created_at: datetime = Field(description="When the user registered.")
    updated_at: datetime = Field(description="When the user was last changed.")


class UserPage(Page[UserRead]):
    """A page of users."""


class UserQuery(ListQuery):
    """Which users to list, in which order."""

    sort: str = sort_keys("email", "username", "created_at", "updated_at", default="-created_at")
    email__contains: LoginPart | None = Field(None, description="Part of the address, in any case.")
    username__contains: LoginPart | None = Field(None, description="Part of the name, in any case.")
