"""The tables of accounts, in one transaction."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.crud.audit_event import AuditEventRepository
from app.accounts.crud.user import (
    AuthSessionRepository,
    MailTokenRepository,
    UserRepository,
)
from app.core.resource.scope import Scope
from app.db import dialect


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
                await session.connection(execution_options=dialect.READING)
            yield UnitOfWork(session)

    return begin
