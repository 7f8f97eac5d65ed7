"""What the services of resources with files do."""

from collections.abc import AsyncIterator
from typing import Any

from app.core.changes.etag import UNCONDITIONAL, Precondition
from app.core.files.stored import StoredFile, file_of
from app.core.resource.service import ResourceService, ResourceT
from app.db.base import Key


class FilingService(ResourceService[ResourceT]):
    """Applies the rules for rows with files; override `check_file` to add one."""

    @classmethod
    async def check_file(
        cls, field: str, file: StoredFile, content: AsyncIterator[bytes]
    ) -> None:
        """Refuse a file before anybody sees it, by an `AppError`, such as for a virus.

        It is in the store by then, and in no row. No transaction is open meanwhile.
        """

    async def get_for_file(
        self, entity_id: Key, field: str, precondition: Precondition
    ) -> ResourceT:
        """Find a row for changing its file; the precondition names either of the two.

        Raises:
            NotFoundError: If there is none, or it is outside the scope.
            PreconditionFailedError: If both have changed since the client read them.
        """
        row = await self.get(entity_id, UNCONDITIONAL)
        file = file_of(row, field)
        if file is None or file.etag not in (precondition.tags or ()):
            precondition.check(row.row_version)
        return row

    async def set_file(
        self,
        entity_id: Key,
        field: str,
        file: StoredFile | None,
        precondition: Precondition = UNCONDITIONAL,
    ) -> tuple[ResourceT, StoredFile | None]:
        """Let a row have another file, or none; return it, and the file it had."""
        row = await self.get_for_file(entity_id, field, precondition)
        former = file_of(row, field)
        if former or file:
            value: Any = file and file.model_dump(mode="json")
            row = await self._rows.update(row, {field: value})
        return row, former
