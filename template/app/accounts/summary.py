"""What everybody may know of a user."""

from uuid import UUID

from pydantic import Field

from app.core.schemas import ResponseSchema


class UserSummary(ResponseSchema):
    """What an answer about something else says of a user."""

    id: UUID = Field(description="Identifier.")
    username: str = Field(description="User name.", examples=["ada"])
