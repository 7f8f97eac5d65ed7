"""Requests that create something once, however often they are sent."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import JSON, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.changes.etag import entity_tag
from app.core.errors import BadRequestError, InvalidError, UnavailableError
from app.core.resource.model import Resource
from app.core.resource.repository import change
from app.core.resource.service import ScopeDep
from app.core.schemas import ResponseSchema
from app.db.base import Base, LongText, now
from app.db.session import SessionDep

KEY = "[!-~]{1,255}"
ATTEMPTS = 2
LIFETIME = timedelta(hours=24)
"""How long a repeated request gets the answer to the first one."""


class IdempotencyKey(Base):
    """A request that a client has named, with its answer.

    Attributes:
        digest: Who has named it, where and how.
        fingerprint: What it says, as a digest.
        headers: Those of the answer that tell about what was made.
        body: Of the answer; others see the row only when there is one.
    """

    __tablename__ = "idempotency_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(LongText, default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ReusedKeyError(InvalidError, code="idempotency_key_reused"):
    """The key stands for another request."""


def digest_of(content: object) -> str:
    """Return a digest of JSON: the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class IdempotentCreate:
    """Answers a request that creates something.

    A request that fails leaves nothing behind: its key is free for the next try. The
    keys of other owners do not matter.
    """

    request: Request
    response: Response  # with the headers that dependencies have set
    session: AsyncSession
    owner_id: UUID | None
    key: str | None

    async def answer(
        self,
        schema: type[ResponseSchema],
        route_name: str,
        data: BaseModel,
        create: Callable[[Any], Awaitable[Resource]],
        address: str = "id",
    ) -> Response:
        """Create something, unless an earlier request with the same key has done so.

        The route that reads it is named `get_thing`, and its path has `thing_id`, or
        another field of it in place of the id.

        Raises:
            ReusedKeyError: If the earlier request had another body.
            UnavailableError: If the earlier one has just been forgotten.
        """
        row = await self._claim(self.key, data) if self.key else IdempotencyKey()
        is_replayed = bool(row.body)
        if not is_replayed:
            entity = await create(data)
            parameter = f"{route_name.removeprefix('get_')}_{address}"
            path = {parameter: getattr(entity, address)}
            location = self.request.url_for(route_name, **path)
            tag = entity_tag(entity.row_version)
            row.headers = {"Location": location.path, "ETag": tag}
            row.body = schema.model_validate(entity).model_dump_json()
            await self.session.flush()
        response = Response(row.body, 201, row.headers, "application/json")
        if is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        response.raw_headers.extend(self.response.raw_headers)
        return response

    async def _claim(self, key: str, data: BaseModel) -> IdempotencyKey:
        # Whoever comes while an earlier request is at work waits for its end: for the
        # unique index to decide, or for the turn to write.
        digest = digest_of([str(self.owner_id), self.request.scope["path"], key])
        fingerprint = digest_of(data.model_dump(mode="json"))
        same = IdempotencyKey.digest == digest
        for _ in range(ATTEMPTS):
            row = IdempotencyKey(digest=digest, owner_id=self.owner_id)
            row.fingerprint, row.expires_at = fingerprint, now() + LIFETIME
            try:
                async with self.session.begin_nested():
                    self.session.add(row)
                    await self.session.flush()
                return row
            except IntegrityError:
                # Read without a lock: who waits for one may be waited for.
                earlier = await self.session.scalar(select(IdempotencyKey).where(same))
            if earlier and earlier.expires_at > now():
                if earlier.fingerprint != fingerprint:
                    message = "This Idempotency-Key was used for another request."
                    raise ReusedKeyError(message)
                return earlier
            if earlier:
                self.session.expunge(earlier)
                expired = IdempotencyKey.expires_at <= now()
                await change(self.session, delete(IdempotencyKey).where(same, expired))
        raise UnavailableError


IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A name for this request, such as a UUID: if it is sent again with "
        "the same name, nothing more is created, and the answer is the same.",
        examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        json_schema_extra={"pattern": f"^{KEY}$"},
    ),
]


async def get_idempotent_create(
    request: Request,
    response: Response,
    session: SessionDep,
    scope: ScopeDep,
    _documented: IdempotencyKeyHeader = None,
) -> IdempotentCreate:
    """Read the key, and refuse what is none."""
    keys = request.headers.getlist("Idempotency-Key")
    if len(keys) > 1 or not all(re.fullmatch(KEY, key) for key in keys):
        message = "Idempotency-Key must be 1 to 255 visible ASCII characters."
        raise BadRequestError(message)
    key = keys[0] if keys else None
    return IdempotentCreate(request, response, session, scope.owner_id, key)


IdempotentCreateDep = Annotated[IdempotentCreate, Depends(get_idempotent_create)]
