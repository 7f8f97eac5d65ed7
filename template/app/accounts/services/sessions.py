"""Beginning, listing and ending sessions."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import UnitOfWork
from app.accounts.models import AuthSession, User
from app.accounts.principal import Principal
from app.accounts.schemas import AuthSessionRead
from app.accounts.services.base import RequestService
from app.accounts.settings import AccountSettings
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo

T = TypeVar("T")
OpenSession = Callable[[UnitOfWork, User, str | None], Awaitable[T]]
"""Begins a user's session, limited to scopes if the client asks for some.

It returns what the client gets.
"""


async def begin_session(
    unit: UnitOfWork,
    user: User,
    settings: AccountSettings,
    client: ClientInfo,
    **values: Any,
) -> AuthSession:
    """Begin a session of a user; the oldest ends if there are too many."""
    moment = datetime.now(UTC)
    await unit.auth_sessions.end_oldest(user.id, keep=settings.max_sessions - 1)
    values |= {
        "user_id": user.id,
        "user_agent": client.user_agent,
        "address": client.address,
        "created_at": moment,
        "last_used_at": moment,
        "expires_at": settings.expiry(moment, moment),
    }
    return await unit.auth_sessions.create(values)


async def list_sessions(
    unit: UnitOfWork, user_id: UUID, principal: Principal
) -> list[AuthSessionRead]:
    """List a user's sessions as the caller sees them, the latest login first."""
    found = await unit.auth_sessions.list_live(user_id)
    sessions = [AuthSessionRead.model_validate(session) for session in found]
    current = principal.session
    for session in sessions:
        session.is_current = current is not None and session.id == current.id
    return sessions


class AuthSessionService(RequestService):
    """Shows users where they are logged in, and ends their sessions."""

    async def list(self, principal: Principal) -> list[AuthSessionRead]:
        """List the caller's sessions, the latest login first."""
        return await list_sessions(self.unit, principal.user.id, principal)

    async def log_out(self, principal: Principal) -> None:
        """End the session in which the request is made."""
        if principal.session:
            await self.unit.auth_sessions.end(principal.session.id)
        await self.record(AuditAction.LOGGED_OUT, principal)

    async def log_out_everywhere(self, principal: Principal) -> None:
        """End all of the caller's sessions.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
        """
        principal.require_all_scopes()
        await self.unit.auth_sessions.end_all(principal.user.id)
        await self.record(AuditAction.LOGGED_OUT_EVERYWHERE, principal)

    async def end(self, principal: Principal, session_id: UUID) -> None:
        """End one of the caller's sessions.

        Raises:
            PartialSessionError: If the session has not all scopes of the caller.
            NotFoundError: If there is none, or it is someone else's.
        """
        principal.require_all_scopes()
        user_id = principal.user.id
        if not await self.unit.auth_sessions.end(session_id, user_id=user_id):
            raise NotFoundError("There is no such session.")
        await self.record(AuditAction.SESSION_ENDED, principal)
