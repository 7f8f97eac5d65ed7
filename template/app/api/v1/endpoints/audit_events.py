"""Endpoints for reading the audit log."""

from typing import Annotated

from fastapi import APIRouter

from app.api.dependencies.accounts import AuditEventServiceDep
from app.api.dependencies.pagination import list_query
from app.crud.base import Listing
from app.models.audit_event import AuditEvent
from app.schemas.audit_event import AuditEventPage, AuditEventQuery

router = APIRouter(prefix="/audit-events", tags=["audit"])
AuditEventQueryDep = Annotated[AuditEventQuery, list_query(AuditEventQuery)]


@router.get("", response_model=AuditEventPage)
async def list_audit_events(
    query: AuditEventQueryDep, events: AuditEventServiceDep
) -> Listing[AuditEvent]:
    """List what has happened, the latest first; it is counted only with `total=true`."""
    return await events.list(query)
