"""Queries for users, their sessions and the tokens that are mailed to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, or_, select, update
from sqlalchemy import Table as SchemaTable
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import AuthSession, MailPurpose, MailToken, User
from app.accounts.scopes import ADMIN_ROLES
from app.core.fields.text import fold
from app.core.resource.repository import Repository, Table, change
from app.db.base import Base, now


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


class MailTokenRepository(Table):
    """Reads and writes tokens by their digests."""

    async def replace(
        self,
        user_id: UUID,
        purpose: MailPurpose,
        email: str,
        digest: str,
        expires_at: datetime,
    ) -> None:
        """Store a new token; former ones of the same user and purpose are dead.

        The caller must have locked the user: of two who do this at once, one goes
        first.
        """
        await self.end_all(user_id, purpose)
        values = {"email": email, "digest": digest, "expires_at": expires_at}
        self._session.add(MailToken(user_id=user_id, purpose=purpose.value, **values))
        await self._session.flush()

    async def find(self, digest: str, purpose: MailPurpose) -> MailToken | None:
        """Find a token that has not expired."""
        named = (MailToken.digest == digest, MailToken.purpose == purpose.value)
        statement = select(MailToken).where(*named, MailToken.expires_at > now())
        return await self._session.scalar(statement)

    async def use(self, token: MailToken) -> bool:
        """Use a token up; return whether nobody was faster."""
        statement = delete(MailToken).where(MailToken.digest == token.digest)
        return bool(await change(self._session, statement))

    async def end_all(self, user_id: UUID, purpose: MailPurpose | None = None) -> None:
        """End the tokens of a user, all or those of one purpose."""
        statement = delete(MailToken).where(MailToken.user_id == user_id)
        if purpose is not None:
            statement = statement.where(MailToken.purpose == purpose.value)
        await change(self._session, statement)


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


def owned_tables() -> list[SchemaTable]:
    """Return the tables whose rows have owners, children before their parents."""
    tables = reversed(Base.metadata.sorted_tables)
    return [table for table in tables if "owner_id" in table.columns]


def links_within(table: SchemaTable) -> list[str]:
    """Return the columns by which rows may refer to others of the same table."""
    return [
        column.name
        for column in table.columns
        if column.nullable
        and any(key.column.table is table for key in column.foreign_keys)
    ]
