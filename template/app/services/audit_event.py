"""Reading the audit log."""

from app.crud.base import Listing
from app.crud.unit_of_work import UnitOfWork
from app.models.audit_event import AuditEvent
from app.schemas.audit_event import AuditEventQuery


class AuditEventService:
    """Shows what has happened; nobody changes it."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def list(self, query: AuditEventQuery) -> Listing[AuditEvent]:
        """List events."""
        return await self._unit.audit_events.list(query)
