"""Sessions that a browser holds by a cookie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.accounts.crud import UnitOfWork, UnitOfWorkFactory
from app.accounts.login.cookies.csrf import session_id_of
from app.accounts.models import AuthSession, User
from app.accounts.services.auth import begin_session
from app.accounts.settings import AccountSettings
from app.core.http.client import ClientInfo


@dataclass(frozen=True)
class OpenedSession:
    """A new session; its secret is for the browser alone."""

    secret: str
    expires_at: datetime


@dataclass(frozen=True)
class CookieSessionService:
    """Opens sessions.

    Attributes:
        mint: Creates the secret of a user's session.
        former: The session that the browser has held until now, if it has held one.
    """

    settings: AccountSettings
    client: ClientInfo
    mint: Callable[[UUID], str]
    former: UUID | None

    async def open(
        self, unit: UnitOfWork, user: User, scope: str | None
    ) -> OpenedSession:
        """Begin a session, and end the browser's former one (ASVS 5.0, 7.2.4)."""
        if self.former:
            await unit.auth_sessions.end(self.former)
        secret = self.mint(user.id)
        session = await begin_session(
            unit,
            user,
            self.settings,
            self.client,
            id=session_id_of(secret),
            scope=scope,
        )
        return OpenedSession(secret, session.expires_at)


async def note_use(
    begin: UnitOfWorkFactory,
    session: AuthSession,
    settings: AccountSettings,
    interval: float,
) -> None:
    """Move the end of a session in use, unless that was done some seconds ago."""
    moment = datetime.now(UTC)
    if session.last_used_at + timedelta(seconds=interval) < moment:
        async with begin() as unit:
            current = await unit.auth_sessions.lock_live(session.id)
            if current and current.last_used_at < moment:
                current.last_used_at = moment
                current.expires_at = settings.expiry(current.created_at, moment)
