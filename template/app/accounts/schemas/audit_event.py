"""Response bodies of the audit log."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.accounts.audit import AuditAction
from app.core.lists.page import ListQuery, Page, sort_keys
from app.core.schemas import Moment, ResponseSchema


class AuditEventRead(ResponseSchema):
    """Something that matters for security."""

    id: UUID = Field(description="Identifier.")
    created_at: datetime = Field(description="When it happened.")
    action: str = Field(
        description="What happened.", examples=[AuditAction.LOGGED_IN.value]
    )
    user_id: UUID | None = Field(
        description="Whose account it concerns, if that is known."
    )
    actor_id: UUID | None = Field(
        description="Who was logged in and did it, if somebody was."
    )
    address: str = Field(description="From where.", examples=["192.0.2.1"])
    user_agent: str = Field(
        description="What the client called itself.", examples=["curl/8.5.0"]
    )
    request_id: str = Field(description="The request, as answers and the log name it.")


class AuditEventPage(Page[AuditEventRead]):
    """A page of the audit log."""


class AuditEventQuery(ListQuery):
    """Which events to list; they are counted only on demand, since there can be millions."""

    total: bool = Field(
        default=False, description="Whether to count all entries that match."
    )
    sort: str = sort_keys("created_at", default="-created_at")
    user_id: UUID | None = Field(None, description="Whose account it concerns.")
    actor_id: UUID | None = Field(None, description="Who did it.")
    action: AuditAction | None = Field(None, description="What happened.")
    created_at__gte: Moment | None = Field(None, description="Happened at or after.")
    created_at__lt: Moment | None = Field(None, description="Happened before.")
