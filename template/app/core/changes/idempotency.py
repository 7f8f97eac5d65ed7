"""Requests that are carried out once, however often they are sent."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import JSON, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.errors import InvalidError, UnavailableError
from app.core.feature import Feature
from app.core.pruning import Prunable
from app.core.resource.repository import Table, change
from app.db.base import Base, now
from app.db.types import LongText


class IdempotencyKey(Base):
    """A request that a client has named, so that it is carried out once.

    Attributes:
        digest: Who has named it, where and how.
        owner_id: Whose request it is, where callers are known.
        fingerprint: What it says, as a digest.
        status: Of the answer; others see the row only when there is one.
        headers: Those of the answer that tell about what was made.
        expires_at: When all this is forgotten.
    """

    __tablename__ = "idempotency_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(LongText, default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)


ATTEMPTS = 2


class IdempotencyKeyRepository(Table):
    """Reads and writes keys, with the answers to their requests."""

    async def claim(self, key: IdempotencyKey) -> IdempotencyKey:
        """Take a key for a request, unless an earlier one has it.

        Whoever comes while the earlier one is at work waits for its end: for the unique
        index to decide, or for the turn to write.

        Returns:
            The same row if it is taken now; else that of the earlier request, with its
            answer.

        Raises:
            UnavailableError: If others take and lose it at the same moment.
        """
        for _ in range(ATTEMPTS):
            if await self._insert(key):
                return key
            # Read without a lock: who waits for one may be waited for.
            statement = select(IdempotencyKey).where(
                IdempotencyKey.digest == key.digest
            )
            earlier = await self._session.scalar(statement)
            if earlier and earlier.expires_at > now():
                return earlier
            if earlier:
                self._session.expunge(earlier)
                await self._delete_expired(key.digest)
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

    async def _delete_expired(self, digest: str) -> None:
        statement = delete(IdempotencyKey).where(
            IdempotencyKey.digest == digest, IdempotencyKey.expires_at <= now()
        )
        await change(self._session, statement)


IDEMPOTENCY = Feature(prunable=[Prunable(IdempotencyKey.expires_at)])


class ReusedKeyError(InvalidError):
    """The key stands for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class StoredResponse:
    """What a request is answered with.

    Attributes:
        is_replayed: Whether it is the answer to an earlier request.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    is_replayed: bool = False


LIFETIME = timedelta(hours=24)
"""How long a repeated request gets the answer to the first one."""


class IdempotencyService:
    """Answers a repeated request as it was answered the first time.

    A request that fails leaves nothing behind: its key is free for the next try.

    Args:
        keys: The keys, in the transaction in which the request does its work.
        owner_id: Whose keys they are; those of others do not matter.
    """

    def __init__(
        self,
        keys: IdempotencyKeyRepository,
        owner_id: UUID | None = None,
    ) -> None:
        self._keys = keys
        self._owner_id = owner_id

    async def execute_once(
        self,
        key: str,
        place: str,
        data: BaseModel,
        execute: Callable[[], Awaitable[StoredResponse]],
    ) -> StoredResponse:
        """Execute a request, unless that has been done.

        Args:
            key: What the client calls the request.
            place: The path of the request: another one has keys of its own.
            data: What the request says.
            execute: Does it, in the same transaction.

        Raises:
            ReusedKeyError: If the earlier request has said something else.
            UnavailableError: If this can be told only on the next try.
        """
        row = IdempotencyKey(
            digest=digest_of([str(self._owner_id), place, key]),
            fingerprint=digest_of(data.model_dump(mode="json")),
            expires_at=datetime.now(UTC) + LIFETIME,
            owner_id=self._owner_id,
        )
        found = await self._keys.claim(row)
        if found is row:
            answer = await execute()
            await self._keys.store(row, answer.status, answer.headers, answer.body)
            return answer
        if found.fingerprint != row.fingerprint:
            raise ReusedKeyError("This Idempotency-Key was used for another request.")
        return StoredResponse(found.status, found.headers, found.body, is_replayed=True)


def digest_of(content: object) -> str:
    """Return a digest of JSON: the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
