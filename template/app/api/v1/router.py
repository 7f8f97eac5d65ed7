"""The endpoints of version 1."""

from fastapi import APIRouter

from app.api.v1.endpoints import items
from app.core.openapi import problem_responses

router = APIRouter(prefix="/api/v1", responses=problem_responses(400, 422, 500, 503))
router.include_router(items.router)
