"""The service for requests that may be repeated, with what it needs."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import SessionDep
from app.crud.idempotency_key import IdempotencyKeyRepository
from app.services.idempotency import IdempotencyService


async def get_idempotency_service(request: Request, session: SessionDep) -> IdempotencyService:
    """Provide the service; keys belong to whoever calls, as a guard of the route has found out."""
    lifetime = request.app.state.settings.idempotency.lifetime
    owner_id = getattr(request.state, "user_id", None)
    return IdempotencyService(IdempotencyKeyRepository(session), lifetime, owner_id)


IdempotencyServiceDep = Annotated[IdempotencyService, Depends(get_idempotency_service)]
