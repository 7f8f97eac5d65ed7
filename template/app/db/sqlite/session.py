"""The session of a request."""

from collections.abc import AsyncIterator

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction: it commits before the answer is sent, or rolls back.

    Safe methods begin it for reading, so that they do not queue behind writers.
    """
    async with request.app.state.sessions.begin() as session:
        if request.method in SAFE_METHODS:
            await session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        yield session
