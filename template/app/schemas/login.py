"""The request body of logging in, a form."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.security.scopes import SCOPES
from app.schemas.base import RequestSchema
from app.schemas.password import Password
from app.schemas.texts import PlainText


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

    username: Login = Field(description="E-mail address or user name.", examples=["ada"])
    password: Password = Field(description="The password.", examples=["seven-otters-at-dawn"])
    scope: Annotated[str, PlainText(1000), AfterValidator(check_scopes)] | None = Field(
        None,
        description="The scopes to ask for, separated by spaces; by default, all you have.",
        examples=[""],
    )
