"""Request and response bodies of tokens."""

from typing import Annotated, Literal

from pydantic import Field

from app.accounts.schemas import Credentials
from app.core.fields.text import PlainText
from app.core.schemas import RequestSchema, ResponseSchema

Unused = Annotated[str, PlainText(1000)]


class LoginForm(Credentials):
    """Credentials, as OAuth 2.0 wants them (RFC 6749, section 4.3.2)."""

    grant_type: Literal["password"] = "password"
    client_id: Unused | None = Field(None, description="Not used.", examples=[""])
    client_secret: Unused | None = Field(None, description="Not used.", examples=[""])


class RefreshRequest(RequestSchema):
    """A refresh token that is exchanged for a new pair."""

    refresh_token: Annotated[str, PlainText(4096, required=True)] = Field(
        description="The last refresh token; it can be used once."
    )


class TokenRead(ResponseSchema):
    """A pair of tokens (RFC 6749, section 5.1)."""

    access_token: str = Field(
        description="Goes into the `Authorization` header, after `Bearer`."
    )
    token_type: Literal["bearer"] = Field(
        "bearer",
        description="How it is sent: `Authorization: Bearer <token>` (RFC 6750).",
    )
    expires_in: int = Field(
        description="Seconds until the access token ends.", examples=[900]
    )
    refresh_token: str = Field(
        description="Exchange it for the next pair; keep it secret."
    )
    scope: str = Field(
        description="The scopes that were granted.", examples=["data:read data:write"]
    )
