"""Management commands for accounts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.config import Settings, load_settings
from app.core.errors import AppError
from app.core.logging import configure_logging
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import Passwords
from app.crud.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from app.db import dialect
from app.db.base import Base
from app.db.error_handlers import MESSAGES
from app.db.session import open_engine
from app.schemas.user import UserCreate
from app.services import maintenance
from app.services.operator import OperatorService
from app.services.throttle import ThrottleService

Command = Callable[..., Coroutine[Any, Any, None]]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[UnitOfWorkFactory]:
    """Connect to the database for one command."""
    configure_logging(settings.log_level, json=settings.log_as_json)
    url = settings.database_url.get_secret_value()
    async with open_engine(url, settings.database) as engine:
        yield unit_of_work_factory(async_sessionmaker(engine, expire_on_commit=False))


def administration(settings: Settings, begin: UnitOfWorkFactory) -> OperatorService:
    """Provide the service."""
    return OperatorService(
        begin,
        Passwords(settings.passwords),
        PasswordPolicy(settings.passwords, settings.project_name),
        ThrottleService(begin, settings.throttle, settings.secret_key),
    )


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
        return f"The database cannot do this; is it migrated? {error.orig}"
    return "Write it in UTF-8."


def explained(command: Command) -> Callable[..., None]:
    """Run a command; what is wrong with what it was given ends it with a sentence."""

    @wraps(command)
    def run(**arguments: Any) -> None:
        try:
            asyncio.run(command(**arguments))
        except (ValidationError, AppError, DBAPIError, UnicodeError) as error:
            raise click.ClickException(explain(error)) from None

    return run


password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="NEW_PASSWORD",
    help="Leave it out to be asked, or set NEW_PASSWORD: others can see the command line.",
)


@click.command()
@click.option("--email", prompt="E-mail address", help="E-mail address.")
@click.option("--username", prompt="User name", help="User name.")
@click.option("--full-name", default="", help="Name for people.")
@click.option("--superuser", is_flag=True, help="May do everything, also change superusers.")
@password_option
@explained
async def create_admin(
    email: str, username: str, full_name: str, password: str, *, superuser: bool
) -> None:
    """Create a user who can administrate."""
    settings = load_settings()
    data = UserCreate(email=email, username=username, full_name=full_name, password=password)
    async with opened(settings) as begin:
        await administration(settings, begin).create_admin(data, is_superuser=superuser)
    click.echo(f"Created the administrator {username}.")


@click.command()
@click.argument("login")
@password_option
@explained
async def reset_password(login: str, password: str) -> None:
    """Set the password of the user LOGIN (address or name), and end all sessions."""
    settings = load_settings()
    async with opened(settings) as begin:
        await administration(settings, begin).reset_password(login, password)
    click.echo(f"The password of {login} is changed; all sessions have ended.")


@click.command()
@explained
async def prune() -> None:
    """Delete sessions, tokens and attempts that have expired, and old security events."""
    settings = load_settings()
    async with opened(settings) as begin:
        await maintenance.prune(begin, settings.audit)
    click.echo("Deleted what has expired.")
