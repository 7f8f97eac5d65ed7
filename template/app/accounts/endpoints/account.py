"""Endpoints for the caller's own account."""

from fastapi import APIRouter

from app.accounts.dependencies import (
    CurrentPrincipal,
    CurrentUser,
    PrincipalWithoutTransaction,
)
from app.accounts.errors import accepted, account_responses, no_content
from app.accounts.models import User
from app.accounts.providers import (
    EmailServiceDep,
    PasswordServiceDep,
    UserServiceDep,
)
from app.accounts.schemas import (
    EmailChange,
    PasswordChange,
    ProfileUpdate,
    UserRead,
)

router = APIRouter(prefix="/users/me", tags=["users"])


@router.get("", response_model=UserRead)
async def get_own_profile(user: CurrentUser) -> User:
    """Read your own account."""
    return user


@router.patch("", response_model=UserRead, responses=account_responses(403, 409))
async def update_own_profile(
    data: ProfileUpdate, principal: CurrentPrincipal, users: UserServiceDep
) -> User:
    """Change the fields that are sent; all others stay."""
    return await users.update_profile(principal, data)


@router.delete("", **no_content(403, 404, 409))
async def delete_own_account(
    principal: CurrentPrincipal, users: UserServiceDep
) -> None:
    """Delete your account and everything in it; needs a recent login."""
    await users.delete_account(principal)


@router.post("/password", **no_content(403, 409, 429))
async def change_password(
    data: PasswordChange,
    principal: PrincipalWithoutTransaction,
    passwords: PasswordServiceDep,
) -> None:
    """Change your password; all of your other sessions end."""
    await passwords.change(principal, data)


@router.post("/email", **accepted(403, 409, 429))
async def change_email(
    data: EmailChange,
    principal: PrincipalWithoutTransaction,
    emails: EmailServiceDep,
) -> None:
    """Have a link mailed to a new address; yours changes when you open it."""
    await emails.request_change(principal, data)
