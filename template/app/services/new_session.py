"""Beginning a session."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.core.security.origin import Origin
from app.core.settings.accounts import AccountSettings
from app.crud.unit_of_work import UnitOfWork
from app.models.auth_session import AuthSession
from app.models.user import User

T = TypeVar("T")
OpenSession = Callable[[UnitOfWork, User, str | None], Awaitable[T]]
"""Begins the session of a user, with the scopes that the client asks for, if it asks for some.

It returns what the client gets.
"""


async def begin_session(
    unit: UnitOfWork, user: User, settings: AccountSettings, origin: Origin, **values: Any
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
