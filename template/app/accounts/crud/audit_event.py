"""Queries for security events."""

from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from app.accounts.audit import AuditAction
from app.accounts.models import AuditEvent
from app.core.http.client import ClientInfo
from app.core.resource.repository import Repository

logger = structlog.get_logger("audit")


class AuditEventRepository(Repository[AuditEvent]):
    """Reads and writes security events."""

    model = AuditEvent

    async def record(
        self,
        action: AuditAction,
        user_id: UUID | None,
        client: ClientInfo,
        *,
        actor_id: UUID | None = None,
    ) -> None:
        """Write an event to the table and, once it is there for good, to the log.

        Not inside `begin_nested`: releasing a savepoint would count as a commit.
        """
        stored = AuditEvent(action=action.value, user_id=user_id, actor_id=actor_id)
        stored.address, stored.user_agent = client.address, client.user_agent
        stored.request_id = get_contextvars().get("request_id", "")
        self._session.add(stored)
        await self._session.flush()

        def write_line(_session: Session) -> None:
            logger.info(
                "audit",
                action=action.value,
                user_id=user_id and str(user_id),
                actor_id=actor_id and str(actor_id),
                client=client.address,
            )

        event.listen(self._session.sync_session, "after_commit", write_line, once=True)
