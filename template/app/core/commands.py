"""What management commands share: a database, and errors in a sentence."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.errors import AppError
from app.core.http.errors import LOST_CONNECTION, describe_unreachable
from app.core.logging import configure_logging
from app.core.project import ProjectSettings
from app.db import dialect
from app.db.base import Base
from app.db.session import create_sessions, open_engine


@asynccontextmanager
async def open_sessions(
    settings: ProjectSettings,
) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Connect to the database for one command."""
    configure_logging(settings.log_level, json=settings.log_as_json)
    url = settings.database_url.get_secret_value()
    async with open_engine(url, settings.database) as engine:
        yield create_sessions(engine)


REPORTED = (ValidationError, AppError, DBAPIError, UnicodeError, *LOST_CONNECTION)

Command = Callable[..., Coroutine[Any, Any, None]]


def describe_error(error: Exception) -> str:
    """Describe what is wrong with the arguments of a command, a line for each."""
    if isinstance(error, ValidationError):
        lines = (f"{item['loc'][0]}: {item['msg']}" for item in error.errors())
        return "\n".join(line.replace("Value error, ", "") for line in lines)
    if isinstance(error, AppError):
        fields = [text for texts in (error.fields or {}).values() for text in texts]
        return "\n".join(fields or [error.detail])
    if isinstance(error, UnicodeError):
        return "Write it in UTF-8."
    if isinstance(error, DBAPIError):
        if outage := dialect.find_outage(error):
            return describe_unreachable(error, outage)
        if violation := dialect.find_violation(error, Base.metadata):
            return f"{' and '.join(violation.fields)}: {violation.kind.value}"
        hint = "is it migrated? `alembic upgrade head` does that."
        return f"The database cannot do this; {hint} ({error.orig})"
    return describe_unreachable(error)


def report_errors(command: Command) -> Callable[..., None]:
    """Run a command with the settings; what is wrong ends it with a sentence.

    The object of the click context loads the settings.
    """

    @wraps(command)
    @click.pass_obj
    def run(load_settings: Callable[[], ProjectSettings], /, **arguments: Any) -> None:
        try:
            asyncio.run(command(load_settings(), **arguments))
        except REPORTED as error:
            raise click.ClickException(describe_error(error)) from None

    return run
