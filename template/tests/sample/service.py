"""Rules for samples."""

from app.core.resource.service import ResourceService
from tests.sample.crud import SampleRepository
from tests.sample.models import Sample


class SampleService(ResourceService[Sample]):
    """Applies the rules for samples."""

    repository = SampleRepository
