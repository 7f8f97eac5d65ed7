"""Queries for requests that may be repeated."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.errors import UnavailableError
from app.crud.changes import change
from app.crud.table import Table
from app.db.base import now
from app.models.idempotency_key import IdempotencyKey

ATTEMPTS = 2


class IdempotencyKeyRepository(Table):
    """Reads and writes keys, with the answers to their requests."""

    async def claim(self, key: IdempotencyKey) -> IdempotencyKey:
        """Take a key for a request, unless an earlier one has it.

        Whoever comes while the earlier one is at work waits for its end: for the unique index to
        decide, or for the turn to write.

        Returns:
            The same row if it is taken now; else that of the earlier request, with its answer.

        Raises:
            UnavailableError: If others take and lose it at the same moment.
        """
        for _ in range(ATTEMPTS):
            if await self._insert(key):
                return key
            # Read without a lock: who waits for one may be waited for.
            statement = select(IdempotencyKey).where(IdempotencyKey.digest == key.digest)
            earlier = await self._session.scalar(statement)
            if earlier and earlier.expires_at > now():
                return earlier
            if earlier:
                self._session.expunge(earlier)
                await self.prune(now(), key.digest)
        raise UnavailableError

    async def _insert(self, key: IdempotencyKey) -> bool:
        try:
            async with self._session.begin_nested():
                self._session.add(key)
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def store(
        self, key: IdempotencyKey, status: int, headers: Mapping[str, str], body: str
    ) -> None:
        """Keep the answer to a request: it becomes visible together with what was done."""
        key.status, key.headers, key.body = status, dict(headers), body
        await self._session.flush()

    async def prune(self, moment: datetime, digest: str | None = None) -> None:
        """Delete what had expired before a moment, all of it or one row."""
        statement = delete(IdempotencyKey).where(IdempotencyKey.expires_at <= moment)
        if digest is not None:
            statement = statement.where(IdempotencyKey.digest == digest)
        await change(self._session, statement)


async def prune_keys(sessions: async_sessionmaker[AsyncSession]) -> None:
    """Delete keys that have expired, in a transaction of its own."""
    async with sessions.begin() as session:
        await IdempotencyKeyRepository(session).prune(now())
