"""Rows that are created in one request with those that belong to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError

from app.core.errors import AppError, ConflictError
from app.core.resource.service import ResourceService, ResourceT
from app.db import dialect
from app.db.base import Base


@dataclass(frozen=True)
class Children:
    """What belongs to a row.

    Attributes:
        service: What creates them, by their own rules.
        body: What each is created from.
        field: The field of it that refers to the row.
    """

    service: type[ResourceService[Any]]
    body: type[BaseModel]
    field: str


class NestingService(ResourceService[ResourceT]):
    """The service of a resource whose rows are created with what belongs to them.

    Attributes:
        own_body: What a row itself is created from.
        children: What belongs to it, by the name of the field in the body.
    """

    own_body: ClassVar[type[BaseModel]]
    children: ClassVar[Mapping[str, Children]]

    async def create(self, data: Any) -> ResourceT:
        """Insert a row, and then what belongs to it: all or nothing.

        Raises:
            AppError: If a rule refuses one; its fields are named by their path.
        """
        given = dict(data)
        nested = {name: given.pop(name, ()) for name in self.children}
        row = await super().create(self.own_body.model_construct(**given))
        for name, bodies in nested.items():
            await self._create_children(row, name, bodies)
        # What children read of the row stands in place of what it refers to itself.
        return await self._rows.update(row, {})

    async def _create_children(
        self, row: ResourceT, name: str, bodies: Sequence[BaseModel]
    ) -> None:
        kind = self.children[name]
        service = kind.service(self._session, self._scope)
        for place, body in enumerate(bodies):
            values = {**dict(body), kind.field: row.id}
            try:
                await service.create(kind.body.model_construct(**values))
            except AppError as error:
                path = f"{name}.{place}"
                error.fields = _below(path, error.fields, error.detail)
                raise
            except DBAPIError as error:
                violation = dialect.find_violation(error, Base.metadata)
                if violation is None:
                    raise
                message = violation.kind.value
                own = (one for one in violation.fields if one != kind.field)
                fields = {field: [message] for field in own}
                below = _below(f"{name}.{place}", fields, message)
                raise ConflictError(message, fields=below) from error


def _below(
    path: str, fields: Mapping[str, list[str]] | None, detail: str
) -> dict[str, list[str]]:
    """Name fields by their path; without any, all of what is there is to blame."""
    if not fields:
        return {path: [detail]}
    return {f"{path}.{field}": messages for field, messages in fields.items()}
