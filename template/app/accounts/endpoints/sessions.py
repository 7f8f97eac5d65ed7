"""Endpoints for the sessions of a user."""

from uuid import UUID

from fastapi import APIRouter, status

from app.accounts.dependencies import CurrentPrincipal
from app.accounts.errors import account_responses
from app.accounts.providers import AuthSessionServiceDep
from app.accounts.schemas import AuthSessionRead

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/logout-all",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403),
)
async def log_out_everywhere(
    principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> None:
    """End all of your sessions, this one too."""
    await sessions.log_out_everywhere(principal)


@router.get("/sessions")
async def list_own_sessions(
    principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> list[AuthSessionRead]:
    """List where you are logged in, the latest login first."""
    return await sessions.list(principal)


@router.delete(
    "/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=account_responses(403),
)
async def end_session(
    session_id: UUID, principal: CurrentPrincipal, sessions: AuthSessionServiceDep
) -> None:
    """End one of your sessions."""
    await sessions.end(principal, session_id)
