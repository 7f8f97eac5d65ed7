"""The request's database session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.db import dialect

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


class SchemaError(Exception):
    """The database does not have the schema that this code was written for."""


def expected_revision() -> str | None:
    """Return the newest migration; `None` if there is no migration yet."""
    return ScriptDirectory.from_config(Config(toml_file=PYPROJECT)).get_current_head()


async def check_schema(engine: AsyncEngine, expected: str | None) -> None:
    """Raise `SchemaError` if the database has not the schema of this code."""
    async with engine.execution_options(**dialect.READING).connect() as connection:
        # Alembic's own way writes two lines into the log for every probe.
        current = await connection.scalar(
            text("SELECT version_num FROM alembic_version")
        )
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


@asynccontextmanager
async def open_database(
    app: FastAPI, url: str, settings: dialect.DatabaseSettings
) -> AsyncIterator[None]:
    """Keep `app.state.engine` and `app.state.sessions` usable until the end.

    Nothing is connected yet: an application without its database starts, and says so in
    `/health/ready`.
    """
    async with open_engine(url, settings) as engine:
        app.state.engine = engine
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        app.state.readiness_checks["database"] = partial(
            check_schema, engine, expected_revision()
        )
        yield


# The only way to a session: naming `get_session` elsewhere would open a second one. The
# scope ends before the answer is sent, so that a failed commit is an error and not a
# lie.
SessionDep = Annotated[AsyncSession, Depends(dialect.get_session, scope="function")]
