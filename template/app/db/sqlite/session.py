"""The session of a request."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

READING: dict[str, Any] = {"sqlite_begin": "DEFERRED"}
"""Execution options of a transaction that only reads: it does not queue behind writers."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction: it commits before the answer is sent, or rolls back.

    Safe methods begin it for reading.
    """
    async with request.app.state.sessions.begin() as session:
        if request.method in SAFE_METHODS:
            await session.connection(execution_options=READING)
        yield session
