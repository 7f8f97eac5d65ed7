"""The session of a request."""

from collections.abc import AsyncIterator

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

READING = {"isolation_level": "AUTOCOMMIT"}
"""Execution options of a connection that only looks: a single query needs no transaction."""


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction: it commits before the answer is sent, or rolls back."""
    async with request.app.state.sessions.begin() as session:
        yield session
