"""Queries for samples."""

from sqlalchemy.orm import selectinload

from app.core.resource.repository import Repository
from app.core.resource.soft_deletion import SoftDeleteRepository
from proofs.sample.models import FadedSample, Sample, SamplePart


class SampleRepository(Repository[Sample]):
    """Reads and writes samples."""

    model = Sample


class FadedSampleRepository(SoftDeleteRepository[FadedSample]):
    """Reads samples that have not been deleted, and writes them."""

    model = FadedSample


class SamplePartRepository(Repository[SamplePart]):
    """Reads parts, each with its sample, and writes them."""

    model = SamplePart
    loading = (selectinload(SamplePart.sample),)
