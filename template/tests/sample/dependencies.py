"""The service for samples, and the query of their list."""

from typing import Annotated

from app.core.lists.page import list_query
from app.core.resource.service import provide
from tests.sample.schemas import SampleQuery
from tests.sample.service import SampleService

SampleServiceDep = Annotated[SampleService, provide(SampleService)]
SampleQueryDep = Annotated[SampleQuery, list_query(SampleQuery)]
