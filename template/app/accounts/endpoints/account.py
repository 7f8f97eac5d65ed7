"""Endpoints for the caller's own account."""

from fastapi import APIRouter, Response, status

from app.accounts.dependencies import (
    CurrentPrincipal,
    CurrentUser,
    PrincipalWithoutTransaction,
)
from app.accounts.models.account import User
from app.accounts.openapi import account_responses
from app.accounts.providers import (
    EmailChangeServiceDep,
    PasswordServiceDep,
    UserServiceDep,
)
from app.accounts.schemas.account import EmailChange, PasswordChange, ProfileUpdate
from app.accounts.schemas.user import UserRead

router = APIRouter(prefix="/users/me", tags=["users"], responses=account_responses(401))


@router.get("", response_model=UserRead)
async def get_profile(user: CurrentUser) -> User:
    """Read your own account."""
    return user


@router.patch("", response_model=UserRead, responses=account_responses(403, 409, 413))
async def update_profile(
    data: ProfileUpdate, caller: CurrentPrincipal, users: UserServiceDep
) -> User:
    """Change the fields that are sent; all others stay."""
    return await users.update_profile(caller, data)


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403, 404, 409),
)
async def delete_account(caller: CurrentPrincipal, users: UserServiceDep) -> None:
    """Delete your account and everything in it; needs a recent login."""
    await users.delete_account(caller)


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403, 409, 413, 429),
)
async def change_password(
    data: PasswordChange,
    caller: PrincipalWithoutTransaction,
    passwords: PasswordServiceDep,
) -> None:
    """Change your password; all of your other sessions end."""
    await passwords.change(caller, data)


@router.post(
    "/email",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(403, 409, 413, 429),
)
async def change_email(
    data: EmailChange,
    caller: PrincipalWithoutTransaction,
    emails: EmailChangeServiceDep,
) -> None:
    """Have a link mailed to a new address; yours changes when you open it."""
    await emails.request(caller, data)
