"""Endpoints for registering, verifying an address and setting a forgotten password."""

from fastapi import APIRouter, Request, Response, status

from app.accounts.errors import account_responses
from app.accounts.models import User
from app.accounts.providers import (
    AuthServiceDep,
    EmailServiceDep,
    PasswordServiceDep,
)
from app.accounts.schemas import (
    MailedToken,
    MailRequest,
    PasswordReset,
    UserCreate,
    UserRead,
)
from app.core.openapi import CREATED_RESPONSE

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/register",
    response_model=UserRead,
    status_code=status.HTTP_201_CREATED,
    responses=CREATED_RESPONSE | account_responses(409, 429),
)
async def register(
    data: UserCreate, auth: AuthServiceDep, request: Request, response: Response
) -> User:
    """Create an account; a link that verifies its address is mailed, and you can log in next."""
    user = await auth.register(data)
    response.headers["Location"] = request.url_for("get_own_profile").path
    return user


@router.post(
    "/resend-verification",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(429),
)
async def resend_verification(data: MailRequest, emails: EmailServiceDep) -> None:
    """Have a link mailed that verifies your address; nobody learns whether there is an account."""
    await emails.resend_verification(data.email)


@router.post(
    "/verify-email",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 429),
)
async def verify_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Verify your address by the token of the mail."""
    await emails.verify(data.token)


@router.post(
    "/forgot-password",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(429),
)
async def forgot_password(data: MailRequest, passwords: PasswordServiceDep) -> None:
    """Have a link mailed that sets a new password; nobody learns whether there is an account."""
    await passwords.forgot(data.email)


@router.post(
    "/reset-password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 429),
)
async def reset_password(data: PasswordReset, passwords: PasswordServiceDep) -> None:
    """Set a new password by the token of the mail; all of your sessions end, then log in."""
    await passwords.reset(data)


@router.post(
    "/confirm-email",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 409, 429),
)
async def confirm_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Change your address by the token of the mail; the former address is told."""
    await emails.confirm_change(data.token)
