"""The service for samples, and the query of their list."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import SessionDep
from app.api.dependencies.pagination import list_query
from tests.sample.crud import SampleRepository
from tests.sample.models import Sample
from tests.sample.schemas import SampleQuery
from tests.sample.service import SampleService


async def get_sample_service(session: SessionDep) -> SampleService[Sample]:
    """Provide the service for samples."""
    return SampleService(SampleRepository(session))


SampleServiceDep = Annotated[SampleService[Sample], Depends(get_sample_service)]
SampleQueryDep = Annotated[SampleQuery, list_query(SampleQuery)]
