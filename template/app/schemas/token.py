"""Request and response bodies of tokens."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.core.security.scopes import SCOPES
from app.schemas.base import RequestSchema, ResponseSchema
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


class LoginForm(RequestSchema):
    """Credentials, as a form (RFC 6749, section 4.3.2)."""

    grant_type: Literal["password"] = "password"
    username: Login = Field(description="E-mail address or user name.", examples=["ada"])
    password: Password = Field(description="The password.")
    scope: Annotated[str, PlainText(1000), AfterValidator(check_scopes)] | None = Field(
        None, description="The scopes to ask for, separated by spaces; by default, all you have."
    )
    client_id: Annotated[str, PlainText(1000)] | None = Field(None, description="Not used.")
    client_secret: Annotated[str, PlainText(1000)] | None = Field(None, description="Not used.")


class RefreshRequest(RequestSchema):
    """A refresh token that is exchanged for a new pair."""

    refresh_token: Annotated[str, PlainText(4096, required=True)] = Field(
        description="The last refresh token; it can be used once."
    )


class TokenRead(ResponseSchema):
    """A pair of tokens (RFC 6749, section 5.1)."""

    access_token: str = Field(description="Goes into the `Authorization` header, after `Bearer`.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds until the access token ends.", examples=[900])
    refresh_token: str = Field(description="Exchange it for the next pair; keep it secret.")
    scope: str = Field(
        description="The scopes that were granted.", examples=["items:read items:write"]
    )
