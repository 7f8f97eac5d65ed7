"""Endpoints for registering, mailed links, and the sessions of a user."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.accounts.dependencies import CurrentPrincipal
from app.accounts.errors import accepted, account_responses, no_content
from app.accounts.models import MailPurpose, User
from app.accounts.providers import (
    AuthServiceDep,
    AuthSessionServiceDep,
    EmailServiceDep,
    PasswordServiceDep,
)
from app.accounts.schemas import (
    AuthSessionRead,
    MailedToken,
    MailRequest,
    PasswordReset,
    UserCreate,
    UserRead,
)
from app.core.openapi import CREATED_RESPONSE

router = APIRouter(prefix="/auth", tags=["auth"])
session_router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/register",
    response_model=UserRead,
    status_code=status.HTTP_201_CREATED,
    responses=CREATED_RESPONSE | account_responses(409, 429),
)
async def register(
    data: UserCreate, auth: AuthServiceDep, request: Request, response: Response
) -> User:
    """Create an account.

    A link that verifies its address is mailed, and you can log in next.
    """
    user = await auth.register(data)
    response.headers["Location"] = request.url_for("get_own_profile").path
    return user


@router.post("/resend-verification", **accepted(429))
async def resend_verification(data: MailRequest, emails: EmailServiceDep) -> None:
    """Have a link mailed that verifies your address.

    Nobody learns whether there is an account.
    """
    await emails.send_link(MailPurpose.VERIFY_EMAIL, data.email)


@router.post("/verify-email", **no_content(400, 429))
async def verify_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Verify your address by the token of the mail."""
    await emails.verify(data.token)


@router.post("/forgot-password", **accepted(429))
async def forgot_password(data: MailRequest, passwords: PasswordServiceDep) -> None:
    """Have a link mailed that sets a new password.

    Nobody learns whether there is an account.
    """
    await passwords.send_link(MailPurpose.RESET_PASSWORD, data.email)


@router.post("/reset-password", **no_content(400, 429))
async def reset_password(data: PasswordReset, passwords: PasswordServiceDep) -> None:
    """Set a new password by the token of the mail.

    All of your sessions end, then log in.
    """
    await passwords.reset(data)


@router.post("/confirm-email", **no_content(400, 409, 429))
async def confirm_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Change your address by the token of the mail; the former address is told."""
    await emails.confirm_change(data.token)


@session_router.post("/logout-all", **no_content(403))
async def log_out_everywhere(
    principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> None:
    """End all of your sessions, this one too."""
    await sessions.log_out_everywhere(principal)


@session_router.get("/sessions")
async def list_own_sessions(
    principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> list[AuthSessionRead]:
    """List where you are logged in, the latest login first."""
    return await sessions.list(principal)


@session_router.delete("/sessions/{session_id}", **no_content(403))
async def end_session(
    session_id: UUID, principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> None:
    """End one of your sessions."""
    await sessions.end(principal, session_id)
