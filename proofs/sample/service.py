"""Rules for samples."""

from app.core.resource.service import ResourceService
from proofs.sample.crud import SampleRepository
from proofs.sample.models import Sample


class SampleService(ResourceService[Sample]):
    """Applies the rules for samples."""

    repository = SampleRepository
