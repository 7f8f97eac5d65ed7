"""Endpoints for passwords: changing them, and setting forgotten ones anew."""

from fastapi import APIRouter, Response, status

from app.api.dependencies.accounts import PasswordServiceDep
from app.api.dependencies.auth import DetachedCaller
from app.core.security.responses import account_responses
from app.schemas.account import PasswordChange
from app.schemas.mail import MailRequest, PasswordReset

router = APIRouter()


@router.post(
    "/users/me/password",
    tags=["users"],
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(401, 403, 409, 413, 429),
)
async def change_password(
    data: PasswordChange, caller: DetachedCaller, passwords: PasswordServiceDep
) -> None:
    """Change your password; all of your other sessions end."""
    await passwords.change(caller, data)


@router.post(
    "/auth/forgot-password",
    tags=["auth"],
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(413, 429),
)
async def forgot_password(data: MailRequest, passwords: PasswordServiceDep) -> None:
    """Have a link mailed that sets a new password; nobody learns whether there is an account."""
    await passwords.forgot(data.email)


@router.post(
    "/auth/reset-password",
    tags=["auth"],
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 413, 429),
)
async def reset_password(data: PasswordReset, passwords: PasswordServiceDep) -> None:
    """Set a new password by the token of the mail; all of your sessions end, then log in."""
    await passwords.reset(data)
