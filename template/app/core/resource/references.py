"""What rows refer to."""

from typing import TypeVar
from uuid import UUID

from app.core.errors import ConflictError
from app.core.resource.model import Resource
from app.core.resource.repository import Repository

ResourceT = TypeVar("ResourceT", bound=Resource)


async def require(
    repository: Repository[ResourceT], entity_id: UUID | None, field: str, title: str
) -> None:
    """Make sure that what a request refers to exists, and is the caller's to see.

    Args:
        repository: Where to look.
        entity_id: What is referred to; `None` refers to nothing, or leaves it as it is.
        field: The field of the request that says so.
        title: What it is called.

    Raises:
        ConflictError: If it does not exist.
    """
    if entity_id is not None and await repository.get(entity_id) is None:
        message = f"There is no such {title}."
        raise ConflictError(message, fields={field: [message]})
