"""Endpoints for verifying e-mail addresses."""

from fastapi import APIRouter, Response, status

from app.api.dependencies.accounts import VerificationServiceDep
from app.core.security.responses import account_responses
from app.schemas.mail import MailedToken, MailRequest

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/resend-verification",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(413, 429),
)
async def resend_verification(data: MailRequest, verification: VerificationServiceDep) -> None:
    """Have a link mailed that verifies your address; nobody learns whether there is an account."""
    await verification.resend(data.email)


@router.post(
    "/verify-email",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 413, 429),
)
async def verify_email(data: MailedToken, verification: VerificationServiceDep) -> None:
    """Verify your address by the token of the mail."""
    await verification.verify(data.token)
