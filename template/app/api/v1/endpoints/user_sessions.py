"""Endpoints for administrating the sessions of users."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, status

from app.api.dependencies.accounts import UserAdministrationServiceDep
from app.api.dependencies.auth import CurrentCaller
from app.core.security.responses import account_responses
from app.schemas.auth_session import AuthSessionRead

router = APIRouter(
    prefix="/users/{user_id}/sessions", tags=["users"], responses=account_responses(404)
)


@router.get("")
async def list_user_sessions(
    user_id: UUID, caller: CurrentCaller, users: UserAdministrationServiceDep
) -> Sequence[AuthSessionRead]:
    """List where a user is logged in, the latest login first."""
    return await users.list_sessions(caller, user_id)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def end_user_sessions(
    user_id: UUID, caller: CurrentCaller, users: UserAdministrationServiceDep
) -> None:
    """End all sessions of a user."""
    await users.end_sessions(caller, user_id)
