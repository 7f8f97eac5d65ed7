"""The service for samples, and the query of their list."""

from typing import Annotated

from fastapi import Depends

from app.core.lists.page import list_query
from app.db.session import SessionDep
from tests.sample.crud import SampleRepository
from tests.sample.models import Sample
from tests.sample.schemas import SampleQuery
from tests.sample.service import SampleService


async def get_sample_service(session: SessionDep) -> SampleService[Sample]:
    """Provide the service for samples."""
    return SampleService(SampleRepository(session))


SampleServiceDep = Annotated[SampleService[Sample], Depends(get_sample_service)]
SampleQueryDep = Annotated[SampleQuery, list_query(SampleQuery)]
