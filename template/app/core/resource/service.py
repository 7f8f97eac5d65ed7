"""What the services of all resources do."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.changes.etag import UNCONDITIONAL, Precondition
from app.core.errors import NotFoundError
from app.core.lists.page import ListQuery
from app.core.resource.model import Resource, title_of
from app.core.resource.repository import PageResult, Repository, Scope
from app.core.schemas import PatchSchema
from app.db.base import Key
from app.db.session import SessionDep

ResourceT = TypeVar("ResourceT", bound=Resource)


class ResourceService(Generic[ResourceT]):
    """Lists, reads, creates, changes and deletes the rows of a resource.

    A rule of your own is a method that overrides one of these, in most cases `check`;
    call `super()` where you add to what it does. `data` is a body, whose schema the
    method of a resource names if it overrides one.
    """

    repository: ClassVar[type[Repository[Any]]]

    def __init__(self, session: AsyncSession, scope: Scope) -> None:
        self._session = session
        self._scope = scope
        self._rows: Repository[ResourceT] = self.repository(session, scope)

    async def list_page(self, query: ListQuery) -> PageResult[ResourceT]:
        """List rows, a page at a time."""
        return await self._rows.list(query)

    async def get(
        self, entity_id: Key, precondition: Precondition | None = None
    ) -> ResourceT:
        """Find a row; with a precondition, for changing it.

        Raises:
            NotFoundError: If there is none, or it is outside the scope.
            PreconditionFailedError: If it has changed since the client read it.
        """
        row = await self._rows.get(entity_id, for_update=precondition is not None)
        if row is None:
            raise NotFoundError(f"There is no such {title_of(self.repository.model)}.")
        if precondition:
            precondition.check(row.row_version)
        return row

    async def create(self, data: Any) -> ResourceT:
        """Insert a row."""
        values = data.model_dump()
        await self.check(values)
        return await self._rows.create(values)

    async def update(
        self, entity_id: Key, data: Any, precondition: Precondition = UNCONDITIONAL
    ) -> ResourceT:
        """Change every field of a row, or those that are given in a `PatchSchema`."""
        values = data.model_dump(exclude_unset=isinstance(data, PatchSchema))
        row = await self.get(entity_id, precondition)
        await self.check(values)
        await self.check_change(row, values)
        return await self._rows.update(row, values)

    async def delete(
        self, entity_id: Key, precondition: Precondition = UNCONDITIONAL
    ) -> None:
        """Delete a row."""
        await self._rows.delete(await self.get(entity_id, precondition))

    async def check(self, values: dict[str, Any]) -> None:
        """Refuse values that break a rule, before they are written, or set others."""

    async def check_change(self, row: ResourceT, values: Mapping[str, Any]) -> None:
        """Refuse what `check` cannot know of: a change of this row, which is locked."""


async def get_scope(request: Request) -> Scope:
    """Provide the scope of the caller, whom a guard of the route has identified."""
    return Scope(owner_id=getattr(request.state, "user_id", None))


ScopeDep = Annotated[Scope, Depends(get_scope)]

ServiceT = TypeVar("ServiceT", bound=ResourceService[Any])


def provide(service: type[ServiceT]) -> Any:
    """Declare a service for the caller, for `Annotated[OrderService, ...]`."""

    async def make(session: SessionDep, scope: ScopeDep) -> ServiceT:
        return service(session, scope)

    return Depends(make)
