"""Queries for refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from app.accounts.tokens.models import RefreshToken
from app.core.resource.repository import Table, change
from app.db.base import now


class RefreshTokenRepository(Table):
    """Reads and writes refresh tokens by their digests."""

    async def add(self, digest: str, session_id: UUID, expires_at: datetime) -> None:
        """Store a new token."""
        token = RefreshToken(
            digest=digest, session_id=session_id, expires_at=expires_at
        )
        self._session.add(token)
        await self._session.flush()

    async def find(self, digest: str) -> RefreshToken | None:
        """Find a token that has not expired, used or not."""
        statement = select(RefreshToken).where(
            RefreshToken.digest == digest, RefreshToken.expires_at > now()
        )
        return await self._session.scalar(statement)

    async def use(self, digest: str) -> bool:
        """Mark a token as used; tell whether it was still unused."""
        statement = (
            update(RefreshToken)
            .where(RefreshToken.digest == digest, RefreshToken.used_at.is_(None))
            .values(used_at=now())
        )
        return bool(await change(self._session, statement))

    async def prune(self, moment: datetime) -> None:
        """Delete what had expired before a moment."""
        statement = delete(RefreshToken).where(RefreshToken.expires_at <= moment)
        await change(self._session, statement)
