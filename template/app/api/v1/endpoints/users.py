"""Endpoints for users: one's own account, and administration."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from app.api.dependencies.accounts import AuthServiceDep, UserServiceDep
from app.api.dependencies.auth import CurrentCaller, CurrentUser, DetachedCaller, require_scope
from app.api.dependencies.pagination import list_query
from app.core.security.responses import account_responses
from app.crud.base import Listing
from app.models.user import User
from app.schemas.user import (
    PasswordChange,
    ProfileUpdate,
    UserPage,
    UserQuery,
    UserRead,
    UserUpdate,
)

router = APIRouter(prefix="/users", tags=["users"], responses=account_responses(401))
UserQueryDep = Annotated[UserQuery, list_query(UserQuery)]
ADMIN = [require_scope("users:admin")]


@router.get("/me", response_model=UserRead)
async def get_profile(user: CurrentUser) -> User:
    """Read your own account."""
    return user


@router.patch("/me", response_model=UserRead, responses=account_responses(403, 409, 413))
async def update_profile(data: ProfileUpdate, caller: CurrentCaller, users: UserServiceDep) -> User:
    """Change the fields that are sent; all others stay."""
    return await users.update_profile(caller, data)


@router.delete(
    "/me",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403, 404, 409),
)
async def delete_account(caller: CurrentCaller, users: UserServiceDep) -> None:
    """Delete your account and everything in it; needs a recent login."""
    await users.delete_account(caller)


@router.post(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403, 409, 413, 429),
)
async def change_password(
    data: PasswordChange, caller: DetachedCaller, auth: AuthServiceDep
) -> None:
    """Change your password; all of your other sessions end."""
    await auth.change_password(caller, data)


@router.get("", response_model=UserPage, dependencies=ADMIN, responses=account_responses(403))
async def list_users(query: UserQueryDep, users: UserServiceDep) -> Listing[User]:
    """List users, a page at a time."""
    return await users.list(query)


@router.get(
    "/{user_id}",
    response_model=UserRead,
    dependencies=ADMIN,
    responses=account_responses(403, 404),
)
async def get_user(user_id: UUID, users: UserServiceDep) -> User:
    """Read a user."""
    return await users.get(user_id)


@router.patch(
    "/{user_id}",
    response_model=UserRead,
    dependencies=ADMIN,
    responses=account_responses(403, 404, 409, 413),
)
async def update_user(
    user_id: UUID, data: UserUpdate, caller: CurrentCaller, users: UserServiceDep
) -> User:
    """Change a user's role, or disable the user; a disabled user's sessions end."""
    return await users.update(caller, user_id, data)
