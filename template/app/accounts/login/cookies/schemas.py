"""Response bodies of logging in by a cookie."""

from datetime import datetime

from pydantic import Field

from app.core.schemas import ResponseSchema


class CookieSessionRead(ResponseSchema):
    """What a page needs to know of its session; the cookie itself it cannot read."""

    csrf_token: str = Field(
        description="Goes into the header `X-CSRF-Token` of every request that changes "
        "something."
    )
    expires_at: datetime = Field(description="When the session ends unless it is used.")
