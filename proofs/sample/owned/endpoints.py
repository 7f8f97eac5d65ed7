"""Endpoints for owned samples."""

from uuid import UUID

from fastapi import APIRouter, Response, status

from app.core.changes.etag import IfMatchDep, with_etag
from app.core.changes.idempotency import IdempotentCreateDep
from app.core.resource.repository import PageResult
from proofs.sample.dependencies import SampleQueryDep
from proofs.sample.owned.dependencies import OwnedSampleServiceDep
from proofs.sample.owned.models import OwnedSample
from proofs.sample.schemas import (
    SampleCreate,
    SamplePage,
    SampleRead,
    SampleReplace,
    SampleUpdate,
)

router = APIRouter(prefix="/owned-samples", tags=["samples"])


@router.get("", response_model=SamplePage)
async def list_owned_samples(
    query: SampleQueryDep, samples: OwnedSampleServiceDep
) -> PageResult[OwnedSample]:
    """List samples, a page at a time."""
    return await samples.list_page(query)


@router.post(
    "",
    response_model=SampleRead,
    status_code=status.HTTP_201_CREATED,
)
async def create_owned_sample(
    data: SampleCreate, samples: OwnedSampleServiceDep, creation: IdempotentCreateDep
) -> Response:
    """Create a sample; `Location` says where it is."""
    return await creation.answer(SampleRead, "get_owned_sample", data, samples.create)


@router.get(
    "/{owned_sample_id}",
    response_model=SampleRead,
)
async def get_owned_sample(
    owned_sample_id: UUID, samples: OwnedSampleServiceDep, response: Response
) -> OwnedSample:
    """Read a sample; `ETag` names its version."""
    return with_etag(response, await samples.get(owned_sample_id))


@router.put(
    "/{owned_sample_id}",
    response_model=SampleRead,
)
async def replace_owned_sample(
    owned_sample_id: UUID,
    data: SampleReplace,
    samples: OwnedSampleServiceDep,
    if_match: IfMatchDep,
    response: Response,
) -> OwnedSample:
    """Replace a sample: what is left out gets its default."""
    return with_etag(response, await samples.update(owned_sample_id, data, if_match))


@router.patch(
    "/{owned_sample_id}",
    response_model=SampleRead,
)
async def update_owned_sample(
    owned_sample_id: UUID,
    data: SampleUpdate,
    samples: OwnedSampleServiceDep,
    if_match: IfMatchDep,
    response: Response,
) -> OwnedSample:
    """Change the fields that are sent; all others stay."""
    return with_etag(response, await samples.update(owned_sample_id, data, if_match))


@router.delete(
    "/{owned_sample_id}",
    status_code=status.HTTP_204_NO_CONTENT,
)
async def delete_owned_sample(
    owned_sample_id: UUID, samples: OwnedSampleServiceDep, if_match: IfMatchDep
) -> None:
    """Delete a sample."""
    await samples.delete(owned_sample_id, if_match)
