"""Listing and ending sessions."""

from uuid import UUID

from app.core.errors import NotFoundError
from app.core.security.audit import AuditAction
from app.core.security.origin import Origin
from app.crud.unit_of_work import UnitOfWork
from app.schemas.auth_session import AuthSessionRead
from app.services.caller import Caller, record_act


async def list_sessions(unit: UnitOfWork, user_id: UUID, caller: Caller) -> list[AuthSessionRead]:
    """List a user's sessions as a caller sees them, the latest login first."""
    found = await unit.auth_sessions.list_live(user_id)
    sessions = [AuthSessionRead.model_validate(session) for session in found]
    for session in sessions:
        session.is_current = session.id == caller.session.id
    return sessions


class AuthSessionService:
    """Shows users where they are logged in, and ends their sessions.

    Args:
        unit: The tables, in the request's transaction.
        origin: Where the request comes from.
    """

    def __init__(self, unit: UnitOfWork, origin: Origin) -> None:
        self._unit = unit
        self._origin = origin

    async def list(self, caller: Caller) -> list[AuthSessionRead]:
        """List the caller's sessions, the latest login first."""
        return await list_sessions(self._unit, caller.user.id, caller)

    async def log_out(self, caller: Caller) -> None:
        """End the session in which the request is made."""
        await self._unit.auth_sessions.end(caller.session.id)
        await record_act(self._unit, AuditAction.LOGGED_OUT, caller, self._origin)

    async def log_out_everywhere(self, caller: Caller) -> None:
        """End all of the caller's sessions.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
        """
        caller.require_all_scopes()
        await self._unit.auth_sessions.end_all(caller.user.id)
        await record_act(self._unit, AuditAction.LOGGED_OUT_EVERYWHERE, caller, self._origin)

    async def end(self, caller: Caller, session_id: UUID) -> None:
        """End one of the caller's sessions.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            NotFoundError: If there is none, or it is someone else's.
        """
        caller.require_all_scopes()
        if not await self._unit.auth_sessions.end(session_id, user_id=caller.user.id):
            raise NotFoundError("There is no such session.")
        await record_act(self._unit, AuditAction.SESSION_ENDED, caller, self._origin)
