"""Endpoints for samples of values; there are no rules to apply, so there is no service."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from app.api.dependencies.creation import CreationDep
from app.api.dependencies.database import SessionDep
from app.api.dependencies.pagination import list_query
from app.api.dependencies.preconditions import tagged
from app.core.errors import NotFoundError
from app.core.openapi import CREATED, TAGGED, problem_responses
from app.crud.base import Listing, Repository
from tests.sample.kinds.models import SampleKind
from tests.sample.kinds.schemas import (
    SampleKindCreate,
    SampleKindPage,
    SampleKindQuery,
    SampleKindRead,
)

router = APIRouter(prefix="/sample-kinds", tags=["samples"])


class SampleKindRepository(Repository[SampleKind]):
    """Reads and writes them."""

    model = SampleKind


async def get_sample_kinds(session: SessionDep) -> SampleKindRepository:
    """Provide the repository."""
    return SampleKindRepository(session)


SampleKindsDep = Annotated[SampleKindRepository, Depends(get_sample_kinds)]
SampleKindQueryDep = Annotated[SampleKindQuery, list_query(SampleKindQuery)]


@router.get("", response_model=SampleKindPage)
async def list_sample_kinds(
    query: SampleKindQueryDep, kinds: SampleKindsDep
) -> Listing[SampleKind]:
    """List samples of values, a page at a time."""
    return await kinds.list(query)


@router.post(
    "",
    response_model=SampleKindRead,
    status_code=status.HTTP_201_CREATED,
    responses=CREATED | problem_responses(409, 413),
)
async def create_sample_kind(
    data: SampleKindCreate, kinds: SampleKindsDep, creation: CreationDep
) -> Response:
    """Create a sample of values; `Location` says where it is."""
    create = partial(kinds.create, data.model_dump())
    return await creation.answer(SampleKindRead, "get_sample_kind", data, create)


@router.get(
    "/{sample_kind_id}", response_model=SampleKindRead, responses=TAGGED | problem_responses(404)
)
async def get_sample_kind(
    sample_kind_id: UUID, kinds: SampleKindsDep, response: Response
) -> SampleKind:
    """Read a sample of values."""
    if kind := await kinds.get(sample_kind_id):
        return tagged(response, kind)
    raise NotFoundError("There is no such sample.")
