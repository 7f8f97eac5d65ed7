"""Errors of commands, in a sentence."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.core.error_handlers import LOST_CONNECTION
from app.core.errors import AppError
from app.db import dialect
from app.db.base import Base
from app.db.error_handlers import MESSAGES
from app.db.unreachable import explain_unreachable

EXPLAINED = (ValidationError, AppError, DBAPIError, UnicodeError, *LOST_CONNECTION)

Command = Callable[..., Coroutine[Any, Any, None]]


def explain(error: Exception) -> str:
    """Say in a sentence, or one for each field, what is wrong with what a command was given."""
    if isinstance(error, ValidationError):
        lines = (f"{item['loc'][0]}: {item['msg']}" for item in error.errors())
        return "\n".join(line.replace("Value error, ", "") for line in lines)
    if isinstance(error, AppError):
        fields = [text for texts in (error.fields or {}).values() for text in texts]
        return "\n".join(fields or [error.detail])
    if isinstance(error, DBAPIError):
        if violation := dialect.find_violation(error, Base.metadata):
            return f"{' and '.join(violation.fields)}: {MESSAGES[violation.kind]}"
        if dialect.is_unavailable(error):
            return explain_unreachable(error)
        return f"The database cannot do this; is it migrated? {error.orig}"
    return "Write it in UTF-8." if isinstance(error, UnicodeError) else explain_unreachable(error)


def explained(command: Command) -> Callable[..., None]:
    """Run a command; what is wrong with what it was given ends it with a sentence."""

    @wraps(command)
    def run(**arguments: Any) -> None:
        try:
            asyncio.run(command(**arguments))
        except EXPLAINED as error:
            raise click.ClickException(explain(error)) from None

    return run
