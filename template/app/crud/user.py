"""Queries for users."""

from uuid import UUID

from sqlalchemy import or_, select

from app.core.security.scopes import ADMIN_ROLES
from app.core.text import fold
from app.crud.base import Repository
from app.models.user import User


class UserRepository(Repository[User]):
    """Reads and writes users."""

    model = User

    async def find_by_login(self, login: str) -> User | None:
        """Find the user of an e-mail address or a user name, in whatever case."""
        key = User.email_key if "@" in login else User.username_key
        return await self._session.scalar(self._select(key == fold(login)))

    async def find_unchanged(self, user_id: UUID, hashed_password: str) -> User | None:
        """Find an active user who still has this password; others must wait before a change."""
        statement = self._select(
            User.id == user_id, User.hashed_password == hashed_password, User.is_active.is_(True)
        )
        return await self._session.scalar(statement.with_for_update())

    async def lock_admins(self) -> set[UUID]:
        """Find all users who can log in and administrate.

        Whoever does the same must wait, so that of two who leave at once the second sees the first.
        """
        statement = (
            select(User.id)
            .where(User.is_active, or_(User.role.in_(ADMIN_ROLES), User.is_superuser))
            .order_by(User.id)
            .with_for_update()
        )
        return set(await self._session.scalars(statement))
