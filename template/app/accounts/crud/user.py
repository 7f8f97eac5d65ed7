"""Queries for users."""

from uuid import UUID

from sqlalchemy import Table, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.scopes import ADMIN_ROLES
from app.core.fields.text import fold
from app.core.resource.repository import Repository, change
from app.db.base import Base


async def delete_owned(session: AsyncSession, owner_id: UUID) -> None:
    """Delete all rows of a user.

    Rows go before those that they refer to. A cascade from the user would not care, and
    some databases check each row that it takes at once.
    """
    for table in owned_tables():
        is_owned = table.c.owner_id == owner_id
        if links := links_within(table):
            loose = dict.fromkeys(links)
            await change(session, update(table).where(is_owned).values(loose))
        await change(session, delete(table).where(is_owned))


def owned_tables() -> list[Table]:
    """Return the tables whose rows have owners, children before their parents."""
    tables = reversed(Base.metadata.sorted_tables)
    return [table for table in tables if "owner_id" in table.columns]


def links_within(table: Table) -> list[str]:
    """Return the columns by which rows may refer to others of the same table."""
    return [
        column.name
        for column in table.columns
        if column.nullable
        and any(key.column.table is table for key in column.foreign_keys)
    ]


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
            User.id == user_id,
            User.hashed_password == hashed_password,
            User.is_active.is_(True),
        )
        return await self._session.scalar(statement.with_for_update())

    async def delete(self, entity: User) -> None:
        """Remove a user, and everything that belongs to the user."""
        await delete_owned(self._session, entity.id)
        await super().delete(entity)

    async def lock_admins(self, leaving: UUID | None = None) -> set[UUID]:
        """Find all users who can log in and administrate.

        Whoever does the same must wait, so that of two who leave at once the second
        sees the first.

        Args:
            leaving: Who is changed next; locked in the same order, administrator or
                not, so that nobody waits in a circle.
        """
        can_administrate = and_(
            User.is_active, or_(User.role.in_(ADMIN_ROLES), User.is_superuser)
        )
        statement = (
            select(User.id, can_administrate)
            .where(or_(can_administrate, User.id == leaving))
            .order_by(User.id)
            .with_for_update()
        )
        rows = await self._session.execute(statement)
        return {user_id for user_id, is_admin in rows if is_admin}
