"""What the sample data of all resources has in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.lists.page import ListQuery
from app.core.resource.repository import Repository

RepositoryOf = Callable[[type[Repository[Any]]], Repository[Any]]


@dataclass(frozen=True)
class Seed:
    """Rows for a table that has none.

    Attributes:
        repository: What inserts them.
        rows: Values by column.
        parents: What they refer to, by column: the first row to the first of those, and
            so on.
    """

    repository: type[Repository[Any]]
    rows: Sequence[Mapping[str, Any]]
    parents: Mapping[str, type[Repository[Any]]] = field(default_factory=dict)

    async def plant(self, repository_of: RepositoryOf) -> int:
        """Insert the rows, unless there are some; return how many that were.

        Args:
            repository_of: Opens a repository.
        """
        repository = repository_of(self.repository)
        query = ListQuery(sort="created_at", limit=len(self.rows), total=False)
        if (await repository.list(query)).items:
            return 0
        parents = [
            (await repository_of(one).list(query)).items
            for one in self.parents.values()
        ]
        values = [
            {
                **row,
                **{
                    column: one.id
                    for column, one in zip(self.parents, found, strict=True)
                },
            }
            for row, *found in zip(self.rows, *parents, strict=False)
        ]
        return len([await repository.create(one) for one in values])
