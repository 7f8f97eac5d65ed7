"""Listing and ending sessions."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.models.account import AuthSession, User
from app.accounts.principal import Principal, record_action
from app.accounts.schemas.account import AuthSessionRead
from app.accounts.settings import AccountSettings
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo

T = TypeVar("T")
OpenSession = Callable[[UnitOfWork, User, str | None], Awaitable[T]]
"""Begins the session of a user, with the scopes that the client asks for, if it asks for some.

It returns what the client gets.
"""


async def begin_session(
    unit: UnitOfWork,
    user: User,
    settings: AccountSettings,
    origin: ClientInfo,
    **values: Any,
) -> AuthSession:
    """Begin a session of a user; the oldest ends if there are too many.

    Args:
        unit: The unit of work to which it belongs.
        user: Who has logged in.
        settings: How long sessions last, and how many a user can have.
        origin: From where.
        values: More columns of the session.
    """
    moment = datetime.now(UTC)
    await unit.auth_sessions.end_oldest(user.id, keep=settings.max_sessions - 1)
    defaults = {
        "user_id": user.id,
        "user_agent": origin.user_agent,
        "address": origin.address,
        "created_at": moment,
        "last_used_at": moment,
        "expires_at": settings.expiry(moment, moment),
    }
    return await unit.auth_sessions.create(defaults | values)


async def list_sessions(
    unit: UnitOfWork, user_id: UUID, caller: Principal
) -> list[AuthSessionRead]:
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

    def __init__(self, unit: UnitOfWork, origin: ClientInfo) -> None:
        self._unit = unit
        self._origin = origin

    async def list(self, caller: Principal) -> list[AuthSessionRead]:
        """List the caller's sessions, the latest login first."""
        return await list_sessions(self._unit, caller.user.id, caller)

    async def log_out(self, caller: Principal) -> None:
        """End the session in which the request is made."""
        await self._unit.auth_sessions.end(caller.session.id)
        await record_action(self._unit, AuditAction.LOGGED_OUT, caller, self._origin)

    async def log_out_everywhere(self, caller: Principal) -> None:
        """End all of the caller's sessions.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
        """
        caller.require_all_scopes()
        await self._unit.auth_sessions.end_all(caller.user.id)
        await record_action(
            self._unit, AuditAction.LOGGED_OUT_EVERYWHERE, caller, self._origin
        )

    async def end(self, caller: Principal, session_id: UUID) -> None:
        """End one of the caller's sessions.

        Raises:
            NarrowSessionError: If the session has not all scopes of the caller.
            NotFoundError: If there is none, or it is someone else's.
        """
        caller.require_all_scopes()
        if not await self._unit.auth_sessions.end(session_id, user_id=caller.user.id):
            raise NotFoundError("There is no such session.")
        await record_action(self._unit, AuditAction.SESSION_ENDED, caller, self._origin)
