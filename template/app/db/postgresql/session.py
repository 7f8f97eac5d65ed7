"""The session of a request."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

READING: dict[str, Any] = {}
"""Execution options of a transaction that only reads."""


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction: it commits before the answer is sent, or rolls back."""
    async with request.app.state.sessions.begin() as session:
        yield session
