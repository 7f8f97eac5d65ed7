"""For whom a repository reads and writes."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from app.db.base import Base


@dataclass(frozen=True)
class Scope:
    """For whom rows are read and written: for nobody where callers are not known."""

    owner_id: UUID | None = None

    def values(self, model: type[Base]) -> dict[str, Any]:
        """Return the values, by column, that all rows of a table have in this scope.

        Raises:
            RuntimeError: If the rows have owners, and the scope has none.
        """
        if "owner_id" not in model.__table__.columns:
            return {}
        if self.owner_id is None:
            raise RuntimeError(f"{model.__name__} has owners: its scope must name one.")
        return {"owner_id": self.owner_id}


async def get_scope(request: Request) -> Scope:
    """Provide the scope of the caller, whom a guard of the route has identified."""
    return Scope(owner_id=getattr(request.state, "user_id", None))


ScopeDep = Annotated[Scope, Depends(get_scope)]
