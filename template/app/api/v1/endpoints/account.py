"""Endpoints for one's own account."""

from fastapi import APIRouter, status

from app.api.dependencies.accounts import UserServiceDep
from app.api.dependencies.auth import CurrentCaller, CurrentUser
from app.core.security.responses import account_responses
from app.models.user import User
from app.schemas.account import ProfileUpdate
from app.schemas.user import UserRead

router = APIRouter(prefix="/users/me", tags=["users"], responses=account_responses(401))


@router.get("", response_model=UserRead)
async def get_profile(user: CurrentUser) -> User:
    """Read your own account."""
    return user


@router.patch("", response_model=UserRead, responses=account_responses(403, 409, 413))
async def update_profile(data: ProfileUpdate, caller: CurrentCaller, users: UserServiceDep) -> User:
    """Change the fields that are sent; all others stay."""
    return await users.update_profile(caller, data)


@router.delete(
    "", status_code=status.HTTP_204_NO_CONTENT, responses=account_responses(403, 404, 409)
)
async def delete_account(caller: CurrentCaller, users: UserServiceDep) -> None:
    """Delete your account and everything in it; needs a recent login."""
    await users.delete_account(caller)
