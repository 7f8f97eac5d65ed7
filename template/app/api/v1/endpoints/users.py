"""Endpoints for administrating users."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status

from app.api.dependencies.accounts import UserAdministrationServiceDep
from app.api.dependencies.auth import CurrentCaller
from app.api.dependencies.pagination import list_query
from app.core.security.responses import account_responses
from app.crud.base import Listing
from app.models.user import User
from app.schemas.user import UserPage, UserQuery, UserRead, UserUpdate

router = APIRouter(prefix="/users", tags=["users"])
UserQueryDep = Annotated[UserQuery, list_query(UserQuery)]


@router.get("", response_model=UserPage)
async def list_users(query: UserQueryDep, users: UserAdministrationServiceDep) -> Listing[User]:
    """List users, a page at a time."""
    return await users.list(query)


@router.get("/{user_id}", response_model=UserRead, responses=account_responses(404))
async def get_user(user_id: UUID, users: UserAdministrationServiceDep) -> User:
    """Read a user."""
    return await users.get(user_id)


@router.patch("/{user_id}", response_model=UserRead, responses=account_responses(404, 409, 413))
async def update_user(
    user_id: UUID, data: UserUpdate, caller: CurrentCaller, users: UserAdministrationServiceDep
) -> User:
    """Change a user's role, or disable the user; a disabled user's sessions end."""
    return await users.update(caller, user_id, data)


@router.post(
    "/{user_id}/reset-password",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(404, 409),
)
async def start_password_reset(
    user_id: UUID, caller: CurrentCaller, users: UserAdministrationServiceDep
) -> None:
    """Mail a user a link for setting a new password; the present one stays until then."""
    await users.start_reset(caller, user_id)
