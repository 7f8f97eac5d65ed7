"""Endpoints for samples."""

from uuid import UUID

from fastapi import APIRouter, Response, status

from app.core.changes.etag import IfMatchDep, with_etag
from app.core.changes.idempotency import IdempotentCreateDep
from app.core.resource.repository import PageResult
from proofs.sample.dependencies import SampleQueryDep, SampleServiceDep
from proofs.sample.models import Sample
from proofs.sample.schemas import (
    SampleCreate,
    SamplePage,
    SampleRead,
    SampleReplace,
    SampleUpdate,
)

router = APIRouter(prefix="/samples", tags=["samples"])


@router.get("", response_model=SamplePage)
async def list_samples(
    query: SampleQueryDep, samples: SampleServiceDep
) -> PageResult[Sample]:
    """List samples, a page at a time."""
    return await samples.list_page(query)


@router.post(
    "",
    response_model=SampleRead,
    status_code=status.HTTP_201_CREATED,
)
async def create_sample(
    data: SampleCreate, samples: SampleServiceDep, creation: IdempotentCreateDep
) -> Response:
    """Create a sample; `Location` says where it is."""
    return await creation.answer(SampleRead, "get_sample", data, samples.create)


@router.get(
    "/{sample_id}",
    response_model=SampleRead,
)
async def get_sample(
    sample_id: UUID, samples: SampleServiceDep, response: Response
) -> Sample:
    """Read a sample; `ETag` names its version."""
    return with_etag(response, await samples.get(sample_id))


@router.put(
    "/{sample_id}",
    response_model=SampleRead,
)
async def replace_sample(
    sample_id: UUID,
    data: SampleReplace,
    samples: SampleServiceDep,
    if_match: IfMatchDep,
    response: Response,
) -> Sample:
    """Replace a sample: what is left out gets its default."""
    return with_etag(response, await samples.update(sample_id, data, if_match))


@router.patch(
    "/{sample_id}",
    response_model=SampleRead,
)
async def update_sample(
    sample_id: UUID,
    data: SampleUpdate,
    samples: SampleServiceDep,
    if_match: IfMatchDep,
    response: Response,
) -> Sample:
    """Change the fields that are sent; all others stay."""
    return with_etag(response, await samples.update(sample_id, data, if_match))


@router.delete(
    "/{sample_id}",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def delete_sample(
    sample_id: UUID, samples: SampleServiceDep, if_match: IfMatchDep
) -> None:
    """Delete a sample."""
    await samples.delete(sample_id, if_match)
