"""The service for owned samples."""

from typing import Annotated

from app.core.resource.repository import Repository
from app.core.resource.service import ResourceService, provide
from proofs.sample.owned.models import OwnedSample


class OwnedSampleRepository(Repository[OwnedSample]):
    """Reads and writes the samples of a user."""

    model = OwnedSample


class OwnedSampleService(ResourceService[OwnedSample]):
    """Applies the rules for the samples of a user."""

    repository = OwnedSampleRepository


OwnedSampleServiceDep = Annotated[OwnedSampleService, provide(OwnedSampleService)]
