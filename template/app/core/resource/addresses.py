"""Rows whose addresses have one of their texts in place of the id."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy import ColumnElement

from app.core.errors import AppError
from app.core.openapi import described, problem_description
from app.core.resource.repository import EntityT, Repository
from app.core.resource.service import ResourceService, ScopeDep
from app.db.base import Key
from app.db.session import SessionDep

PATTERN = "^[A-Za-z0-9][A-Za-z0-9._~-]*$"
"""What needs no escape in a path (RFC 3986), and is no step in it, such as `..`."""
LONGEST = 100
NOBODY: dict[type[Any], Key] = {UUID: UUID(int=2**128 - 1), int: -1}
"""Ids that no row has, by their type; the one of UUIDs is RFC 9562's greatest."""


class MovedError(AppError, status=308):
    """What was here has another address now."""


class AddressedRepository(Repository[EntityT]):
    """Reads and writes a table whose rows are found by an address, too.

    Attributes:
        address: The column that holds it.
    """

    address: ClassVar[str]

    async def find_id(self, address: str) -> Key | None:
        """Return the id of the row that has an address."""
        found = self._select(*self._at(address)).with_only_columns(self.model.id)
        entity_id: Key | None = await self._session.scalar(found)
        return entity_id

    def _at(self, address: str) -> tuple[ColumnElement[bool], ...]:
        return (getattr(self.model, self.address) == address,)

    async def find_present(self, _former: str) -> str | None:
        """Return the address of the row that had another one before."""
        return None


def at_address(service: type[ResourceService[Any]], name: str) -> Any:
    """Declare the id of the row at an address, for `Annotated[UUID, ...]`.

    Where there is none, it is an id that no row has: what a service says of that comes
    after what is wrong with the request, as for any id.

    Args:
        service: Whose rows they are.
        name: What the address is called in the path.
    """

    async def find(
        request: Request,
        session: SessionDep,
        scope: ScopeDep,
        address: Annotated[
            str,
            Path(
                alias=name,
                pattern=PATTERN,
                max_length=LONGEST,
                description=f"The {name.split('_')[-1]} of what it is about.",
            ),
        ],
    ) -> Key:
        rows: Any = service.repository(session, scope)
        entity_id: Key | None = await rows.find_id(address)
        if entity_id is not None:
            return entity_id
        present = await rows.find_present(address)
        if present is None:
            return NOBODY[rows.model.id.type.python_type]
        location = moved(request, name, present)
        message = "This has another address now."
        raise MovedError(message, headers={"Location": location})

    return Depends(find)


def moved(request: Request, name: str, present: str) -> str:
    """Return the path of a request with another address in it."""
    parts = {**request.path_params, name: present}
    path = request.url_for(request.scope["route"].name, **parts).path
    return f"{path}?{request.url.query}" if request.url.query else path


MOVED: dict[int | str, dict[str, Any]] = {
    308: problem_description(
        308,
        {
            "error_code": "permanent_redirect",
            "detail": "This has another address now.",
        },
        {"Location": described("The same with the present address.")},
    )
}
"""The response to a request for a former address, for `responses=`."""
