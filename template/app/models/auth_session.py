"""The table of sessions: where a user is logged in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Entity, now


class AuthSession(Entity):
    """A login that has not ended. Ending it deletes the row: its credentials are dead at once.

    Attributes:
        scope: The scopes that the client asked for; without any, it has all of its user's.
        created_at: When the user gave the password.
        expires_at: When it ends unless it is used before.
    """

    __tablename__ = "auth_sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str | None] = mapped_column(String(1000))
    user_agent: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
