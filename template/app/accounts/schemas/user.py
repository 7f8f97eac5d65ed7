"""Users, as the API answers with them, and as administrators look for and change them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.accounts.scopes import Role
from app.core.fields.text import PlainText
from app.core.lists.page import ListQuery, Page, sort_keys
from app.core.schemas import PatchSchema, ResponseSchema, omittable

LoginPart = Annotated[str, PlainText(254)]


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
    is_verified: bool = Field(
        description="Whether the address is known to be the user's."
    )
    created_at: datetime = Field(description="When the user registered.")
    updated_at: datetime = Field(description="When the user was last changed.")


class UserPage(Page[UserRead]):
    """A page of users."""


class UserQuery(ListQuery):
    """Which users to list, in which order."""

    sort: str = sort_keys(
        "email",
        "username",
        "created_at",
        without_index=("updated_at",),
        default="-created_at",
    )
    email__contains: LoginPart | None = Field(
        None, description="Part of the address, in any case."
    )
    username__contains: LoginPart | None = Field(
        None, description="Part of the name, in any case."
    )
    role: Role | None = Field(None, description="What the user may do.")
    is_active: bool | None = Field(None, description="Whether the user may log in.")
    is_verified: bool | None = Field(
        None, description="Whether the address is verified."
    )
