"""The service for owned samples."""

from typing import Annotated

from fastapi import Depends

from app.accounts.dependencies import PrincipalDep
from app.core.resource.repository import Repository
from app.db.session import SessionDep
from tests.sample.owned.models import OwnedSample
from tests.sample.service import SampleService


class OwnedSampleRepository(Repository[OwnedSample]):
    """Reads and writes the samples of a user."""

    model = OwnedSample


async def get_owned_sample_service(
    session: SessionDep, caller: PrincipalDep
) -> SampleService[OwnedSample]:
    """Provide the service for the caller's own samples."""
    return SampleService(OwnedSampleRepository(session, owner_id=caller.user.id))


OwnedSampleServiceDep = Annotated[
    SampleService[OwnedSample], Depends(get_owned_sample_service)
]
