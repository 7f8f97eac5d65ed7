"""Management commands for accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from app.commands.database import opened
from app.commands.errors import explained
from app.config import Settings, load_settings
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import Passwords
from app.crud.unit_of_work import unit_of_work_factory
from app.schemas.account import UserCreate
from app.services.operator import OperatorService
from app.services.throttle import ThrottleService
from app.services.throttle_store import opened_store


@asynccontextmanager
async def opened_operator(settings: Settings) -> AsyncIterator[OperatorService]:
    """Provide the service for whoever runs the application, for one command."""
    async with opened(settings) as sessions:
        begin = unit_of_work_factory(sessions)
        async with opened_store(begin, settings) as store:
            yield OperatorService(
                begin,
                Passwords(settings.passwords),
                PasswordPolicy(settings.passwords, settings.project_name),
                ThrottleService(store, settings.throttle, settings.secret_key),
            )


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
    async with opened_operator(settings) as operator:
        await operator.create_admin(data, is_superuser=superuser)
    click.echo(f"Created the administrator {username}.")


@click.command()
@click.argument("login")
@password_option
@explained
async def reset_password(login: str, password: str) -> None:
    """Set the password of the user LOGIN (address or name), and end all sessions."""
    settings = load_settings()
    async with opened_operator(settings) as operator:
        await operator.reset_password(login, password)
    click.echo(f"The password of {login} is changed; all sessions have ended.")
