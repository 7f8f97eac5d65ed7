"""Endpoints for changing one's e-mail address."""

from fastapi import APIRouter, Response, status

from app.api.dependencies.accounts import EmailChangeServiceDep
from app.api.dependencies.auth import DetachedCaller
from app.core.security.responses import account_responses
from app.schemas.mail import EmailChange, MailedToken

router = APIRouter()


@router.post(
    "/users/me/email",
    tags=["users"],
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    responses=account_responses(401, 403, 409, 413, 429),
)
async def change_email(
    data: EmailChange, caller: DetachedCaller, emails: EmailChangeServiceDep
) -> None:
    """Have a link mailed to a new address; yours changes when you open it."""
    await emails.request(caller, data)


@router.post(
    "/auth/confirm-email",
    tags=["auth"],
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(400, 409, 413, 429),
)
async def confirm_email(data: MailedToken, emails: EmailChangeServiceDep) -> None:
    """Change your address by the token of the mail; the former address is told."""
    await emails.confirm(data.token)
