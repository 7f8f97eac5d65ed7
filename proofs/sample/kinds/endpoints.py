"""Endpoints for samples of values; there are no rules to apply, so there is no service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from app.core.changes.etag import with_etag
from app.core.changes.idempotency import IdempotentCreateDep
from app.core.errors import NotFoundError
from app.core.lists.page import list_query
from app.core.resource.repository import PageResult, Repository, Scope
from app.db.session import SessionDep
from proofs.sample.kinds.models import SampleKind
from proofs.sample.kinds.schemas import (
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
    return SampleKindRepository(session, Scope())


SampleKindsDep = Annotated[SampleKindRepository, Depends(get_sample_kinds)]
SampleKindQueryDep = Annotated[SampleKindQuery, list_query(SampleKindQuery)]


@router.get("", response_model=SampleKindPage)
async def list_sample_kinds(
    query: SampleKindQueryDep, kinds: SampleKindsDep
) -> PageResult[SampleKind]:
    """List samples of values, a page at a time."""
    return await kinds.list(query)


@router.post(
    "",
    response_model=SampleKindRead,
    status_code=status.HTTP_201_CREATED,
)
async def create_sample_kind(
    data: SampleKindCreate, kinds: SampleKindsDep, creation: IdempotentCreateDep
) -> Response:
    """Create a sample of values; `Location` says where it is."""

    async def create(body: SampleKindCreate) -> SampleKind:
        return await kinds.create(body.model_dump())

    return await creation.answer(SampleKindRead, "get_sample_kind", data, create)


@router.get(
    "/{sample_kind_id}",
    response_model=SampleKindRead,
)
async def get_sample_kind(
    sample_kind_id: UUID, kinds: SampleKindsDep, response: Response
) -> SampleKind:
    """Read a sample of values."""
    if kind := await kinds.get(sample_kind_id):
        return with_etag(response, kind)
    raise NotFoundError("There is no such sample.")
