"""The table of refresh tokens, and its queries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.resource.repository import Table, change
from app.db.base import Base, now


class RefreshToken(Base):
    """A refresh token; those of one session are a family (RFC 9700, section 4.14.2).

    Attributes:
        digest: SHA-256 of the token, which itself is stored nowhere.
        used_at: When it was exchanged; who shows it again has stolen it, or lost it to
            a thief.
    """

    __tablename__ = "refresh_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("auth_sessions.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class RefreshTokenRepository(Table):
    """Reads and writes refresh tokens by their digests."""

    async def add(self, digest: str, session_id: UUID, expires_at: datetime) -> None:
        """Store a new token."""
        values = {"digest": digest, "session_id": session_id, "expires_at": expires_at}
        self._session.add(RefreshToken(**values))
        await self._session.flush()

    async def find(self, digest: str) -> RefreshToken | None:
        """Find a token that has not expired, used or not."""
        named = RefreshToken.digest == digest
        statement = select(RefreshToken).where(named, RefreshToken.expires_at > now())
        return await self._session.scalar(statement)

    async def use(self, digest: str) -> bool:
        """Mark a token as used; return whether it was still unused."""
        unused = (RefreshToken.digest == digest, RefreshToken.used_at.is_(None))
        statement = update(RefreshToken).where(*unused).values(used_at=now())
        return bool(await change(self._session, statement))
