"""Queries of accounts, and the unit of work: their tables in one transaction."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import (
    Delete,
    Row,
    Select,
    Update,
    and_,
    delete,
    event,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from app.accounts.models import (
    AuditAction,
    AuditEvent,
    AuthSession,
    MailPurpose,
    MailToken,
    User,
)
from app.accounts.scopes import ADMIN_ROLES
from app.core.fields.text import fold
from app.core.http.client import ClientInfo
from app.core.resource.repository import Repository, Scope, Table, change
from app.db import dialect
from app.db.base import Base, now

logger = structlog.get_logger("audit")


class UserRepository(Repository[User]):
    """Reads and writes users."""

    model = User
    max_scanned = None

    async def find_by_login(self, login: str) -> User | None:
        """Find the user of an e-mail address or a user name, in whatever case."""
        key = User.email_key if "@" in login else User.username_key
        return await self._session.scalar(self._select(key == fold(login)))

    async def find_unchanged(self, user: User) -> User | None:
        """Find an active user who still has the same password, and lock it."""
        statement = self._select(
            User.id == user.id,
            User.hashed_password == user.hashed_password,
            User.is_active.is_(True),
        )
        return await self._session.scalar(statement.with_for_update())

    async def delete(self, entity: User) -> None:
        """Remove a user, and everything that belongs to the user."""
        for statement in deletions(entity.id):
            await change(self._session, statement)
        await super().delete(entity)

    async def lock_admins(self, leaving: UUID) -> set[UUID]:
        """Lock and return all active administrators; lock who is changed next, too.

        All lock in the same order, so that nobody waits in a circle, and that of two
        who leave at once the second sees the first.
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
        """Find a session that has not ended, and lock it."""
        statement = self._select(
            AuthSession.id == session_id, AuthSession.expires_at > now()
        )
        return await self._session.scalar(statement.with_for_update())

    async def end(self, session_id: UUID, *, user_id: UUID | None = None) -> bool:
        """End a session, if it is the user's; return whether there was one."""
        theirs = [] if user_id is None else [AuthSession.user_id == user_id]
        ended = delete(AuthSession).where(AuthSession.id == session_id, *theirs)
        return bool(await change(self._session, ended))

    async def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """End the sessions of a user, all or all but one."""
        others = [] if but is None else [AuthSession.id != but]
        ended = delete(AuthSession).where(AuthSession.user_id == user_id, *others)
        await change(self._session, ended)

    async def end_oldest(self, user_id: UUID, *, keep: int) -> None:
        """End the sessions of a user but for the latest ones."""
        oldest = await self._session.scalars(self._select_live(user_id).offset(keep))
        if ids := [session.id for session in oldest]:
            ended = delete(AuthSession).where(AuthSession.id.in_(ids))
            await change(self._session, ended)


class MailTokenRepository(Table):
    """Reads and writes tokens by their digests."""

    async def replace(self, token: MailToken) -> None:
        """Store a new token; it ends the former of the same client, nobody else's."""
        values = {"user_id": token.user_id, "purpose": token.purpose}
        alike = delete(MailToken).filter_by(**values, asked_by=token.asked_by)
        await change(self._session, alike)
        self._session.add(token)
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


def deletions(owner_id: UUID) -> Iterator[Update | Delete]:
    """Return what deletes all rows of a user, each before those that it refers to.

    A cascade from the user would not care, and some databases check each row that it
    takes at once.
    """
    for table in reversed(Base.metadata.sorted_tables):
        # A resource may refer to users besides its owner.
        for key in table.foreign_keys if "row_version" in table.columns else ():
            if key.references(User.__table__) and key.parent.name != "owner_id":
                freed: Update | Delete = update(table).values({key.parent.name: None})
                named = delete(table) if key.ondelete == "CASCADE" else freed
                yield named.where(key.parent == owner_id)
        if "owner_id" not in table.columns:
            continue
        is_owned = table.c.owner_id == owner_id
        # Rows may refer to others of the same table.
        own = next(iter(table.primary_key))
        links = [one for one in table.columns if one.nullable and one.references(own)]
        if links:
            is_linked = or_(*(link.is_not(None) for link in links))
            yield update(table).where(is_owned, is_linked).values(dict.fromkeys(links))
        yield delete(table).where(is_owned)


class AuditEventRepository(Repository[AuditEvent]):
    """Reads and writes security events."""

    model = AuditEvent
    max_scanned = None

    async def exists(
        self, action: AuditAction, user_id: UUID | None, *, within: timedelta
    ) -> bool:
        """Whether such an event of a user has been recorded lately."""
        event_id = select(AuditEvent.id).where(
            AuditEvent.user_id == user_id,
            AuditEvent.action == action.value,
            AuditEvent.created_at.between(now() - within, now()),
        )
        return await self._session.scalar(event_id.limit(1)) is not None

    async def record(
        self,
        action: AuditAction,
        user_id: UUID | None,
        client: ClientInfo,
        *,
        actor_id: UUID | None = None,
    ) -> None:
        """Write an event to the table and, once it is there for good, to the log.

        Not inside `begin_nested`: releasing a savepoint would count as a commit.
        """
        stored = AuditEvent(action=action.value, user_id=user_id, actor_id=actor_id)
        stored.address, stored.user_agent = client.address, client.user_agent
        stored.request_id = get_contextvars().get("request_id", "")
        self._session.add(stored)
        await self._session.flush()

        def write_line(_session: Session) -> None:
            logger.info(
                "audit",
                action=action.value,
                user_id=user_id and str(user_id),
                actor_id=actor_id and str(actor_id),
                client=client.address,
            )

        event.listen(self._session.sync_session, "after_commit", write_line, once=True)


class UnitOfWork:
    """The repositories of accounts, which share a session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.users = UserRepository(session, Scope())
        self.auth_sessions = AuthSessionRepository(session, Scope())
        self.audit_events = AuditEventRepository(session, Scope())
        self.mail_tokens = MailTokenRepository(session)


UnitOfWorkFactory = Callable[..., AbstractAsyncContextManager[UnitOfWork]]
"""Begins a transaction of its own, which commits at the end of the block.

For writes that must survive a refusal, since the request's own transaction is rolled
back with it, and for work during which none may be held: hashing takes long. Never in a
request that holds `SessionDep`, as `CurrentUser` does: where there is one writer, it
would wait for itself. With `reading=True`, it waits for no writer.
"""


def unit_of_work_factory(
    sessions: async_sessionmaker[AsyncSession],
) -> UnitOfWorkFactory:
    """Return the function that begins a unit of work."""

    @asynccontextmanager
    async def begin(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        async with sessions.begin() as session:
            if reading:
                dialect.only_read(session)
            yield UnitOfWork(session)

    return begin
