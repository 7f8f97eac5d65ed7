"""Queries for tokens that were sent by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.accounts.models import MailPurpose, MailToken
from app.core.resource.repository import Table, change
from app.db.base import now


class MailTokenRepository(Table):
    """Reads and writes tokens by their digests."""

    async def replace(
        self,
        user_id: UUID,
        purpose: MailPurpose,
        email: str,
        digest: str,
        expires_at: datetime,
    ) -> None:
        """Store a new token; former ones of the same user and purpose are dead.

        The caller must have locked the user: of two who do this at once, one goes
        first.
        """
        await self.end_all(user_id, purpose)
        values = {"email": email, "digest": digest, "expires_at": expires_at}
        self._session.add(MailToken(user_id=user_id, purpose=purpose.value, **values))
        await self._session.flush()

    async def find(self, digest: str, purpose: MailPurpose) -> MailToken | None:
        """Find a token that has not expired."""
        named = (MailToken.digest == digest, MailToken.purpose == purpose.value)
        statement = select(MailToken).where(*named, MailToken.expires_at > now())
        return await self._session.scalar(statement)

    async def use(self, token: MailToken) -> bool:
        """Use a token up; return whether nobody was faster."""
        statement = delete(MailToken).where(MailToken.digest == token.digest)
        return bool(await change(self._session, statement))

    async def end_all(self, user_id: UUID, purpose: MailPurpose | None = None) -> None:
        """End the tokens of a user, all or those of one purpose."""
        statement = delete(MailToken).where(MailToken.user_id == user_id)
        if purpose is not None:
            statement = statement.where(MailToken.purpose == purpose.value)
        await change(self._session, statement)
