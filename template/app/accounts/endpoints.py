"""Endpoints: registering and mailed links, sessions, your account, administration."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.accounts.dependencies import (
    CurrentUser,
    PrincipalWithoutTransaction,
    require_scope,
)
from app.accounts.errors import accepted, account_responses, no_content
from app.accounts.models import AuditEvent, MailPurpose, User
from app.accounts.providers import (
    AuditEventsDep,
    AuthServiceDep,
    AuthSessionServiceDep,
    DeletionServiceDep,
    EmailServiceDep,
    PasswordServiceDep,
    UserAdministrationServiceDep,
    UserServiceDep,
)
from app.accounts.schemas import (
    AuditEventPage,
    AuditEventQuery,
    AuthSessionRead,
    EmailChange,
    MailedToken,
    MailRequest,
    PasswordChange,
    PasswordReset,
    ProfileUpdate,
    UserCreate,
    UserPage,
    UserQuery,
    UserRead,
    UserUpdate,
)
from app.core.lists.page import list_query
from app.core.openapi import CREATED_RESPONSE
from app.core.resource.repository import PageResult

auth_router = APIRouter(prefix="/auth", tags=["auth"])
session_router = APIRouter(prefix="/auth", tags=["auth"])
profile_router = APIRouter(prefix="/users/me", tags=["users"])
users_router = APIRouter(
    prefix="/users", tags=["users"], dependencies=[require_scope("users:admin")]
)
audit_router = APIRouter(
    prefix="/audit-events", tags=["audit"], dependencies=[require_scope("audit:read")]
)
UserQueryDep = Annotated[UserQuery, list_query(UserQuery)]
AuditEventQueryDep = Annotated[AuditEventQuery, list_query(AuditEventQuery)]


@auth_router.post(
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


@auth_router.post("/resend-verification", **accepted(429))
async def resend_verification(data: MailRequest, emails: EmailServiceDep) -> None:
    """Have a link mailed that verifies your address.

    Nobody learns whether there is an account.
    """
    await emails.send_link(MailPurpose.VERIFY_EMAIL, data.email)


@auth_router.post("/verify-email", **no_content(400, 429))
async def verify_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Verify your address by the token of the mail."""
    await emails.verify(data.token)


@auth_router.post("/forgot-password", **accepted(429))
async def forgot_password(data: MailRequest, passwords: PasswordServiceDep) -> None:
    """Have a link mailed that sets a new password.

    Nobody learns whether there is an account.
    """
    await passwords.send_link(MailPurpose.RESET_PASSWORD, data.email)


@auth_router.post("/reset-password", **no_content(400, 429))
async def reset_password(data: PasswordReset, passwords: PasswordServiceDep) -> None:
    """Set a new password by the token of the mail.

    All of your sessions end; log in again then.
    """
    await passwords.reset(data)


@auth_router.post("/confirm-email", **no_content(400, 409, 429))
async def confirm_email(data: MailedToken, emails: EmailServiceDep) -> None:
    """Change your address by the token of the mail; the former address is told."""
    await emails.confirm_change(data.token)


@session_router.post("/logout-all", **no_content(403))
async def log_out_everywhere(sessions: AuthSessionServiceDep) -> None:
    """End all of your sessions, this one too."""
    await sessions.log_out_everywhere()


@session_router.get("/sessions")
async def list_own_sessions(sessions: AuthSessionServiceDep) -> list[AuthSessionRead]:
    """List where you are logged in, the latest login first."""
    return await sessions.list()


@session_router.delete("/sessions/{session_id}", **no_content(403))
async def end_session(session_id: UUID, sessions: AuthSessionServiceDep) -> None:
    """End one of your sessions."""
    await sessions.end(session_id)


@profile_router.get("", response_model=UserRead)
async def get_own_profile(user: CurrentUser) -> User:
    """Read your own account."""
    return user


@profile_router.patch(
    "", response_model=UserRead, responses=account_responses(403, 409)
)
async def update_own_profile(data: ProfileUpdate, users: UserServiceDep) -> User:
    """Change the fields that are sent; all others stay."""
    return await users.update_profile(data)


@profile_router.delete("", **no_content(403, 404, 409))
async def delete_own_account(
    principal: PrincipalWithoutTransaction, accounts: DeletionServiceDep
) -> None:
    """Delete your account and everything in it; needs a recent login."""
    await accounts.delete(principal)


@profile_router.post("/password", **no_content(403, 409, 429))
async def change_password(
    data: PasswordChange,
    principal: PrincipalWithoutTransaction,
    passwords: PasswordServiceDep,
) -> None:
    """Change your password; all of your other sessions end."""
    await passwords.change(principal, data)


@profile_router.post("/email", **accepted(403, 409, 429))
async def change_email(
    data: EmailChange, principal: PrincipalWithoutTransaction, emails: EmailServiceDep
) -> None:
    """Have a link mailed to a new address; yours changes when you open it."""
    await emails.request_change(principal, data)


@users_router.get("", response_model=UserPage)
async def list_users(
    query: UserQueryDep, users: UserAdministrationServiceDep
) -> PageResult[User]:
    """List users, a page at a time."""
    return await users.list(query)


@users_router.get("/{user_id}", response_model=UserRead)
async def get_user(user_id: UUID, users: UserAdministrationServiceDep) -> User:
    """Read a user."""
    return await users.get(user_id)


@users_router.patch(
    "/{user_id}", response_model=UserRead, responses=account_responses(409)
)
async def update_user(
    user_id: UUID, data: UserUpdate, users: UserAdministrationServiceDep
) -> User:
    """Change a user's role, or disable the user; a disabled user's sessions end."""
    return await users.update(user_id, data)


@users_router.post("/{user_id}/reset-password", **accepted(409))
async def start_password_reset(
    user_id: UUID, users: UserAdministrationServiceDep
) -> None:
    """Mail a user a link for setting a new password.

    The present one stays until then.
    """
    await users.start_reset(user_id)


@users_router.get("/{user_id}/sessions")
async def list_user_sessions(
    user_id: UUID, users: UserAdministrationServiceDep
) -> Sequence[AuthSessionRead]:
    """List where a user is logged in, the latest login first."""
    return await users.list_sessions(user_id)


@users_router.delete("/{user_id}/sessions", **no_content())
async def end_user_sessions(user_id: UUID, users: UserAdministrationServiceDep) -> None:
    """End all sessions of a user."""
    await users.end_sessions(user_id)


@audit_router.get("", response_model=AuditEventPage)
async def list_audit_events(
    query: AuditEventQueryDep, events: AuditEventsDep
) -> PageResult[AuditEvent]:
    """List what has happened, the latest first.

    It is counted only with `total=true`.
    """
    return await events.list(query)
