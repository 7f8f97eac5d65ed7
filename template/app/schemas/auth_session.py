"""Response bodies of sessions."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.schemas.base import ResponseSchema


class AuthSessionRead(ResponseSchema):
    """Where a user is logged in."""

    id: UUID = Field(description="Identifier.")
    user_agent: str = Field(description="What the client called itself.", examples=["curl/8.5.0"])
    address: str = Field(description="From where the user logged in.", examples=["192.0.2.1"])
    created_at: datetime = Field(description="When the user logged in.")
    last_used_at: datetime = Field(description="When its use was last noted.")
    expires_at: datetime = Field(description="When it ends unless it is used.")
    is_current: bool = Field(default=False, description="Whether this request is made in it.")
