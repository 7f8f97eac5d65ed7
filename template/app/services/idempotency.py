"""Requests that are carried out once, however often they are sent."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import InvalidError
from app.crud.idempotency_key import IdempotencyKeyRepository
from app.models.idempotency_key import IdempotencyKey


class ReusedKeyError(InvalidError):
    """The key stands for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class Answer:
    """What a request is answered with.

    Attributes:
        is_replayed: Whether it is the answer to an earlier request.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    is_replayed: bool = False


class IdempotencyService:
    """Answers a repeated request as it was answered the first time.

    A request that fails leaves nothing behind: its key is free for the next try.

    Args:
        keys: The keys, in the transaction in which the request does its work.
        lifetime: How long an answer is kept.
        owner_id: Whose keys they are; those of others do not matter.
    """

    def __init__(
        self, keys: IdempotencyKeyRepository, lifetime: timedelta, owner_id: UUID | None = None
    ) -> None:
        self._keys = keys
        self._lifetime = lifetime
        self._owner_id = owner_id

    async def once(
        self, key: str, place: str, data: BaseModel, carry_out: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Carry a request out, unless that has been done.

        Args:
            key: What the client calls the request.
            place: The path of the request: another one has keys of its own.
            data: What the request says.
            carry_out: Does it, in the same transaction.

        Raises:
            ReusedKeyError: If the earlier request has said something else.
            UnavailableError: If this can be told only on the next try.
        """
        row = IdempotencyKey(
            digest=digest_of([str(self._owner_id), place, key]),
            fingerprint=digest_of(data.model_dump(mode="json")),
            expires_at=datetime.now(UTC) + self._lifetime,
            owner_id=self._owner_id,
        )
        found = await self._keys.claim(row)
        if found is row:
            answer = await carry_out()
            await self._keys.store(row, answer.status, answer.headers, answer.body)
            return answer
        if found.fingerprint != row.fingerprint:
            raise ReusedKeyError("This Idempotency-Key was used for another request.")
        return Answer(found.status, found.headers, found.body, is_replayed=True)


def digest_of(content: object) -> str:
    """Give a digest of JSON: the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
