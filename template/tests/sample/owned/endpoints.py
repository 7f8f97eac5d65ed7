"""Endpoints for owned samples."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Response, status

from app.core.changes.creation import IdempotentCreateDep
from app.core.changes.etag import IfMatchDep, with_etag
from app.core.openapi import CREATED_RESPONSE, ETAG_RESPONSE, problem_responses
from app.core.resource.repository import PageResult
from tests.sample.dependencies import SampleQueryDep
from tests.sample.owned.dependencies import OwnedSampleServiceDep
from tests.sample.owned.models import OwnedSample
from tests.sample.schemas import (
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
    responses=CREATED_RESPONSE | problem_responses(409),
)
async def create_owned_sample(
    data: SampleCreate, samples: OwnedSampleServiceDep, creation: IdempotentCreateDep
) -> Response:
    """Create a sample; `Location` says where it is."""
    return await creation.answer(
        SampleRead, "get_owned_sample", data, partial(samples.create, data)
    )


@router.get(
    "/{owned_sample_id}",
    response_model=SampleRead,
    responses=ETAG_RESPONSE,
)
async def get_owned_sample(
    owned_sample_id: UUID, samples: OwnedSampleServiceDep, response: Response
) -> OwnedSample:
    """Read a sample; `ETag` names its version."""
    return with_etag(response, await samples.get(owned_sample_id))


@router.put(
    "/{owned_sample_id}",
    response_model=SampleRead,
    responses=ETAG_RESPONSE | problem_responses(409),
)
async def replace_owned_sample(
    owned_sample_id: UUID,
    data: SampleReplace,
    samples: OwnedSampleServiceDep,
    if_match: IfMatchDep,
    response: Response,
) -> OwnedSample:
    """Replace a sample: what is left out gets its default."""
    return with_etag(response, await samples.replace(owned_sample_id, data, if_match))


@router.patch(
    "/{owned_sample_id}",
    response_model=SampleRead,
    responses=ETAG_RESPONSE | problem_responses(409),
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
    responses=problem_responses(409),
)
async def delete_owned_sample(
    owned_sample_id: UUID, samples: OwnedSampleServiceDep, if_match: IfMatchDep
) -> None:
    """Delete a sample."""
    await samples.delete(owned_sample_id, if_match)
