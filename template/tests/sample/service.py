"""Rules for samples."""

from typing import Any, Generic, TypeVar
from uuid import UUID

from app.core.changes.etag import UNCONDITIONAL, Precondition
from app.core.errors import NotFoundError
from app.core.resource.repository import PageResult, Repository
from tests.sample.models import SampleColumns
from tests.sample.schemas import SampleCreate, SampleQuery, SampleReplace, SampleUpdate

SampleT = TypeVar("SampleT", bound=SampleColumns)


class SampleService(Generic[SampleT]):
    """Applies the rules for samples of one kind; knows nothing of HTTP."""

    def __init__(self, samples: Repository[SampleT]) -> None:
        self._samples = samples

    async def list(self, query: SampleQuery) -> PageResult[SampleT]:
        """List samples."""
        return await self._samples.list(query)

    async def get(self, sample_id: UUID, *, for_update: bool = False) -> SampleT:
        """Find a sample.

        Raises:
            NotFoundError: If there is none.
        """
        sample = await self._samples.get(sample_id, for_update=for_update)
        if sample is None:
            raise NotFoundError("There is no such sample.")
        return sample

    async def create(self, data: SampleCreate) -> SampleT:
        """Create a sample."""
        return await self._samples.create(data.model_dump())

    async def replace(
        self,
        sample_id: UUID,
        data: SampleReplace,
        precondition: Precondition = UNCONDITIONAL,
    ) -> SampleT:
        """Set every field of a sample.

        Raises:
            NotFoundError: If there is none.
            PreconditionFailedError: If it has changed since the client read it.
        """
        return await self._change(sample_id, data.model_dump(), precondition)

    async def update(
        self,
        sample_id: UUID,
        data: SampleUpdate,
        precondition: Precondition = UNCONDITIONAL,
    ) -> SampleT:
        """Change the fields that are given.

        Raises:
            NotFoundError: If there is none.
            PreconditionFailedError: If it has changed since the client read it.
        """
        return await self._change(
            sample_id, data.model_dump(exclude_unset=True), precondition
        )

    async def delete(
        self, sample_id: UUID, precondition: Precondition = UNCONDITIONAL
    ) -> None:
        """Delete a sample.

        Raises:
            NotFoundError: If there is none.
            PreconditionFailedError: If it has changed since the client read it.
        """
        sample = await self.get(sample_id, for_update=True)
        precondition.check(sample.version)
        await self._samples.delete(sample)

    async def _change(
        self, sample_id: UUID, values: dict[str, Any], precondition: Precondition
    ) -> SampleT:
        sample = await self.get(sample_id, for_update=True)
        precondition.check(sample.version)
        return await self._samples.update(sample, values)
