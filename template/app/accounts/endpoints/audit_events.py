"""Endpoints for reading the audit log."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.models.account import AuditEvent
from app.accounts.providers import AuditEventServiceDep
from app.accounts.schemas.audit_event import AuditEventPage, AuditEventQuery
from app.core.lists.page import list_query
from app.core.resource.repository import PageResult

router = APIRouter(prefix="/audit-events", tags=["audit"])
AuditEventQueryDep = Annotated[AuditEventQuery, list_query(AuditEventQuery)]


@router.get("", response_model=AuditEventPage)
async def list_audit_events(
    query: AuditEventQueryDep, events: AuditEventServiceDep
) -> PageResult[AuditEvent]:
    """List what has happened, the latest first; it is counted only with `total=true`."""
    return await events.list(query)
