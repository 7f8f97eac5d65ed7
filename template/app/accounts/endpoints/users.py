"""Endpoints for administrating users and reading the audit log."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.accounts.dependencies import CurrentPrincipal, require_scope
from app.accounts.errors import accepted, account_responses, no_content
from app.accounts.models import AuditEvent, User
from app.accounts.providers import AuditEventsDep, UserAdministrationServiceDep
from app.accounts.schemas import (
    AuditEventPage,
    AuditEventQuery,
    AuthSessionRead,
    UserPage,
    UserQuery,
    UserRead,
    UserUpdate,
)
from app.core.lists.page import list_query
from app.core.resource.repository import PageResult

router = APIRouter(
    prefix="/users", tags=["users"], dependencies=[require_scope("users:admin")]
)
audit_router = APIRouter(
    prefix="/audit-events", tags=["audit"], dependencies=[require_scope("audit:read")]
)
UserQueryDep = Annotated[UserQuery, list_query(UserQuery)]
AuditEventQueryDep = Annotated[AuditEventQuery, list_query(AuditEventQuery)]


@router.get("", response_model=UserPage)
async def list_users(
    query: UserQueryDep, users: UserAdministrationServiceDep
) -> PageResult[User]:
    """List users, a page at a time."""
    return await users.list(query)


@router.get("/{user_id}", response_model=UserRead)
async def get_user(user_id: UUID, users: UserAdministrationServiceDep) -> User:
    """Read a user."""
    return await users.get(user_id)


@router.patch("/{user_id}", response_model=UserRead, responses=account_responses(409))
async def update_user(
    user_id: UUID,
    data: UserUpdate,
    principal: CurrentPrincipal,
    users: UserAdministrationServiceDep,
) -> User:
    """Change a user's role, or disable the user; a disabled user's sessions end."""
    return await users.update(principal, user_id, data)


@router.post("/{user_id}/reset-password", **accepted(409))
async def start_password_reset(
    user_id: UUID, principal: CurrentPrincipal, users: UserAdministrationServiceDep
) -> None:
    """Mail a user a link for setting a new password.

    The present one stays until then.
    """
    await users.start_reset(principal, user_id)


@router.get("/{user_id}/sessions")
async def list_user_sessions(
    user_id: UUID, principal: CurrentPrincipal, users: UserAdministrationServiceDep
) -> Sequence[AuthSessionRead]:
    """List where a user is logged in, the latest login first."""
    return await users.list_sessions(principal, user_id)


@router.delete("/{user_id}/sessions", **no_content())
async def end_user_sessions(
    user_id: UUID, principal: CurrentPrincipal, users: UserAdministrationServiceDep
) -> None:
    """End all sessions of a user."""
    await users.end_sessions(principal, user_id)


@audit_router.get("", response_model=AuditEventPage)
async def list_audit_events(
    query: AuditEventQueryDep, events: AuditEventsDep
) -> PageResult[AuditEvent]:
    """List what has happened, the latest first.

    It is counted only with `total=true`.
    """
    return await events.list(query)
