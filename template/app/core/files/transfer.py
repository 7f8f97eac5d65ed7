"""How files come and go: the endpoints of a field with files."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic
from uuid import uuid4

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.changes.etag import Precondition
from app.core.errors import AppError, InvalidError, NotFoundError, error_of_status
from app.core.files.contents import HEAD, disposition_of, is_like, name_in
from app.core.files.service import FilingService
from app.core.files.store import FileStore
from app.core.files.stored import StoredFile, file_of
from app.core.http.request import without_time_limit
from app.core.openapi import described
from app.core.resource.repository import Scope
from app.core.resource.service import ResourceT, ScopeDep
from app.db.base import Key, now
from app.db.session import SessionDep


@dataclass(frozen=True)
class FileField:
    """A field of files.

    Attributes:
        folder: Where their content is kept.
        content_types: What they may be.
        max_size: How many bytes they may have.
    """

    name: str
    folder: str
    content_types: tuple[str, ...]
    max_size: int

    @property
    def content(self) -> dict[str, Any]:
        """Describe the content in the documentation, of which clients are generated."""
        text, binary = {"type": "string"}, {"type": "string", "format": "binary"}
        return {
            one: {"schema": text if one.startswith("text/") else binary}
            for one in self.content_types
        }

    @property
    def upload(self) -> dict[str, Any]:
        """Return what a route says that takes a file."""
        name = described("What it is called (RFC 6266): `attachment; filename=a.png`.")
        header = {"name": "Content-Disposition", "in": "header", "required": False}
        body = {"required": True, "content": self.content}
        return {
            "dependencies": [Depends(without_time_limit)],
            "max_body_size": self.max_size,
            "openapi_extra": {"requestBody": body, "parameters": [header | name]},
        }

    @property
    def download(self) -> dict[str, Any]:
        """Return what a route says that gives a file."""
        names = {"Content-Disposition": described("What it is called (RFC 6266).")}
        return {
            "dependencies": [Depends(without_time_limit)],
            "response_class": StreamingResponse,
            "responses": {200: {"content": self.content, "headers": names}},
        }


@dataclass(frozen=True)
class Files(Generic[ResourceT]):
    """Takes and gives the files of a field; nobody holds a connection meanwhile."""

    field: FileField
    service: type[FilingService[ResourceT]]
    request: Request
    session: AsyncSession
    scope: Scope

    @property
    def _store(self) -> FileStore:
        store: FileStore = self.request.app.state.files
        return store

    async def download(self, entity_id: Key) -> Response:
        """Answer the content of a row's file.

        Raises:
            NotFoundError: If there is no row, or it has no file.
        """
        row = await self.service(self.session, self.scope).get(entity_id)
        await self.session.commit()
        file = file_of(row, self.field.name)
        try:
            content = await self._open(file.key) if file else None
        except FileNotFoundError:
            content = None
        if file is None or content is None:
            raise NotFoundError("There is no such file.")
        headers = {
            "Content-Disposition": disposition_of(file.name),
            "Content-Length": str(file.size),
            "Content-Type": file.content_type,
            "ETag": file.etag,
        }
        return StreamingResponse(content, headers=headers)

    async def _open(self, key: str) -> AsyncIterator[bytes] | tuple[()]:
        if getattr(self.request.state, "is_head", False):
            await self._store.require(key)
            return ()
        return await self._store.read(key)

    async def upload(self, entity_id: Key, precondition: Precondition) -> ResourceT:
        """Let a row have the body of the request as its file; return the row.

        The content is written under a new key, which a row gets in a transaction of its
        own. What no row has in the end is left to pruning.

        Raises:
            NotFoundError: If there is no such row.
            PreconditionFailedError: If it has changed since the client read it.
            AppError: If the content is none of those that are taken.
        """
        service = self.service(self.session, self.scope)
        await service.get_for_file(entity_id, self.field.name, precondition)
        await self.session.commit()
        file = await self._receive(entity_id)
        try:
            content = self._store.stream(file.key)
            await self.service.check_file(self.field.name, file, content)
            return await self._set(entity_id, file, precondition)
        except AppError:
            await self._store.delete(file.key)
            raise

    async def discard(self, entity_id: Key, precondition: Precondition) -> ResourceT:
        """Let a row have no file; return the row."""
        await self.session.commit()
        return await self._set(entity_id, None, precondition)

    async def _set(
        self, entity_id: Key, file: StoredFile | None, precondition: Precondition
    ) -> ResourceT:
        name, sessions = self.field.name, self.request.app.state.sessions
        async with sessions.begin() as session:
            service = self.service(session, self.scope)
            row, former = await service.set_file(entity_id, name, file, precondition)
        if former:
            await self._store.delete(former.key)
        return row

    async def _receive(self, entity_id: Key) -> StoredFile:
        headers = self.request.headers
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if (
            content_type not in self.field.content_types
            or "content-encoding" in headers
        ):
            taken = ", ".join(self.field.content_types)
            raise error_of_status(415, f"A body here is one of these: {taken}.")
        key = f"{self.field.folder}/{entity_id}.{uuid4().hex}"
        digest, size = hashlib.sha256(), 0

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for part in checked(self.request.stream(), content_type):
                size += len(part)
                digest.update(part)
                yield part

        await self._store.write(key, measured())
        disposition = headers.get("content-disposition", "")
        return StoredFile(
            name=name_in(disposition, self.field.name, content_type),
            content_type=content_type,
            size=size,
            sha256=digest.hexdigest(),
            uploaded_at=now(),
            key=key,
        )


async def checked(
    content: AsyncIterator[bytes], content_type: str
) -> AsyncIterator[bytes]:
    """Return the parts of a content, once it has begun as what it is said to be.

    Raises:
        InvalidError: If it is empty.
        AppError: If it begins as something else.
    """
    head = b""
    async for part in content:
        head += part
        if len(head) >= HEAD:
            break
    if not head:
        raise InvalidError("The file is empty.")
    if not is_like(content_type, head):
        raise error_of_status(415, f"The content is no {content_type}.")
    yield head
    async for part in content:
        if part:
            yield part


def files_of(service: type[FilingService[ResourceT]], field: FileField) -> Any:
    """Declare the files of a field, for `Annotated[Files, ...]`."""

    async def make(
        request: Request, session: SessionDep, scope: ScopeDep
    ) -> Files[ResourceT]:
        return Files(field, service, request, session, scope)

    return Depends(make)
