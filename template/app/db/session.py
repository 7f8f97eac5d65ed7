"""The request's database session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from starlette.requests import HTTPConnection

from app.core.http.request import SAFE_METHODS
from app.db import dialect

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


class SchemaError(Exception):
    """The database does not have the schema that this code was written for."""


async def check_schema(
    sessions: async_sessionmaker[AsyncSession], expected: str | None
) -> None:
    """Raise `SchemaError` if the database has not the schema of this code."""
    async with sessions() as session:
        dialect.only_read(session)
        # Alembic's own way writes two lines into the log for every probe.
        current = await session.scalar(text("SELECT version_num FROM alembic_version"))
    if current != expected:
        raise SchemaError(
            f"The database is at revision {current}, the code at {expected}."
        )


@asynccontextmanager
async def open_engine(
    url: str, settings: dialect.DatabaseSettings
) -> AsyncIterator[AsyncEngine]:
    """Keep an engine usable; close all its connections at the end."""
    engine = dialect.create_engine(url, settings)
    try:
        yield engine
    finally:
        await engine.dispose()


def create_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Create what opens sessions; one that was closed is never opened again."""
    return async_sessionmaker(engine, expire_on_commit=False, close_resets_only=False)


@asynccontextmanager
async def open_database(
    app: FastAPI, url: str, settings: dialect.DatabaseSettings
) -> AsyncIterator[None]:
    """Keep `app.state.engine` and `app.state.sessions` usable until the end.

    Nothing is connected yet: an application without its database starts, and says so in
    `/health/ready`.
    """
    script = ScriptDirectory.from_config(Config(toml_file=PYPROJECT))
    newest = " and ".join(script.get_heads()) or None
    async with open_engine(url, settings) as engine:
        app.state.engine = engine
        app.state.sessions = create_sessions(engine)
        app.state.readiness_checks["database"] = partial(
            check_schema, app.state.sessions, newest
        )
        yield


NOT_YOURS = (
    "A request's session belongs to the task of the request, until it is answered:"
    " elsewhere open another, `async with app.state.sessions.begin() as session`."
)


class RequestSession(AsyncSession):
    """Lends a session to one task, until `task` is set to another.

    What is done at the same time can break it, and what is done later would be lost.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session, self.task = session, asyncio.current_task()

    def __getattribute__(self, name: str) -> Any:
        """Ask the session, if it may be asked."""
        lent, running = object.__getattribute__(self, "__dict__"), None
        with suppress(RuntimeError):  # in a thread there is no task
            running = asyncio.current_task()
        if running is None or running is not lent["task"]:
            raise RuntimeError(NOT_YOURS)
        return getattr(lent["session"], name)


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction, which ends before the response is sent.

    Safe methods begin it for reading. A WebSocket would hold it for hours.
    """
    if connection.scope["type"] == "websocket":
        raise RuntimeError(NOT_YOURS)
    async with connection.app.state.sessions.begin() as session:
        if connection.scope["method"] in SAFE_METHODS:
            dialect.only_read(session)
        lent = RequestSession(session)
        try:
            yield lent
        finally:
            lent.task = None


# The only way to a session: naming `get_session` elsewhere would open a second one. The
# scope ends before the answer is sent, so that a failed commit is an error and not a
# lie.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
