"""The table of security events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Entity, now


class AuditEvent(Entity):
    """Something that matters for security: who, what, when and from where; never a secret.

    Attributes:
        action: What has happened, a value of `app.core.security.audit.AuditAction`.
        user_id: Whose account it concerns; it stays when the user is deleted.
        actor_id: Who was logged in and did it; nobody for a login or a management command.
    """

    __tablename__ = "audit_events"

    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    action: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(255))
    request_id: Mapped[str] = mapped_column(String(64))
