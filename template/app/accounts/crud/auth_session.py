"""Queries for sessions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, Select, delete, select

from app.accounts.models import AuthSession, User
from app.core.resource.repository import Repository, change
from app.db.base import now


class AuthSessionRepository(Repository[AuthSession]):
    """Reads and writes sessions."""

    model = AuthSession

    def _select_live(self, user_id: UUID) -> Select[AuthSession]:
        live = self._select(
            AuthSession.user_id == user_id, AuthSession.expires_at > now()
        )
        return live.order_by(AuthSession.created_at.desc(), AuthSession.id.desc())

    async def find_live(
        self, session_id: UUID, user_id: UUID
    ) -> Row[User, AuthSession] | None:
        """Find a user's session that has not ended; the user must be active."""
        statement = (
            select(User, AuthSession)
            .join(AuthSession, AuthSession.user_id == User.id)
            .where(AuthSession.id == session_id, AuthSession.expires_at > now())
            .where(User.id == user_id, User.is_active)
        )
        return (await self._session.execute(statement)).one_or_none()

    async def list_live(self, user_id: UUID) -> Sequence[AuthSession]:
        """List a user's sessions that have not ended, the latest login first."""
        return (await self._session.scalars(self._select_live(user_id))).all()

    async def lock_live(self, session_id: UUID) -> AuthSession | None:
        """Find a session that has not ended; others wait before they change or end it."""
        statement = self._select(
            AuthSession.id == session_id, AuthSession.expires_at > now()
        )
        return await self._session.scalar(statement.with_for_update())

    async def end(self, session_id: UUID, *, user_id: UUID | None = None) -> bool:
        """End a session, if it is the user's; return whether there was one."""
        statement = delete(AuthSession).where(AuthSession.id == session_id)
        if user_id is not None:
            statement = statement.where(AuthSession.user_id == user_id)
        return bool(await change(self._session, statement))

    async def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """End the sessions of a user, all or all but one."""
        statement = delete(AuthSession).where(AuthSession.user_id == user_id)
        if but is not None:
            statement = statement.where(AuthSession.id != but)
        await change(self._session, statement)

    async def end_oldest(self, user_id: UUID, *, keep: int) -> None:
        """End the sessions of a user but for the latest ones."""
        oldest = (
            await self._session.scalars(self._select_live(user_id).offset(keep))
        ).all()
        if oldest:
            ids = [session.id for session in oldest]
            await change(
                self._session, delete(AuthSession).where(AuthSession.id.in_(ids))
            )
