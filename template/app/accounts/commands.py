"""The command that sends mail."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from app.accounts.crud.unit_of_work import unit_of_work_factory
from app.accounts.mail.worker import make_outbox, run_mail_worker
from app.accounts.schemas.account import UserCreate
from app.accounts.services.user_commands import UserCommands
from app.accounts.throttle.service import ThrottleService
from app.accounts.throttle.store import open_store
from app.config import Settings, load_settings
from app.core.commands import open_sessions, report_errors
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher


@asynccontextmanager
async def open_user_commands(settings: Settings) -> AsyncIterator[UserCommands]:
    """Provide the service for whoever runs the application, for one command."""
    async with open_sessions(settings) as sessions:
        begin = unit_of_work_factory(sessions)
        async with open_store(begin, settings) as store:
            yield UserCommands(
                begin,
                PasswordHasher(settings.passwords),
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
@click.option(
    "--superuser", is_flag=True, help="May do everything, also change superusers."
)
@password_option
@report_errors
async def create_admin(
    email: str, username: str, full_name: str, password: str, *, superuser: bool
) -> None:
    """Create a user who can administrate."""
    settings = load_settings()
    data = UserCreate(
        email=email, username=username, full_name=full_name, password=password
    )
    async with open_user_commands(settings) as operator:
        await operator.create_admin(data, is_superuser=superuser)
    click.echo(f"Created the administrator {username}.")


@click.command()
@click.argument("login")
@password_option
@report_errors
async def reset_password(login: str, password: str) -> None:
    """Set the password of the user LOGIN (address or name), and end all sessions."""
    settings = load_settings()
    async with open_user_commands(settings) as operator:
        await operator.reset_password(login, password)
    click.echo(f"The password of {login} is changed; all sessions have ended.")


@click.command()
@click.option("--forever", is_flag=True, help="Go on until somebody ends it.")
@report_errors
async def send_mail(*, forever: bool) -> None:
    """Send the mail that is due."""
    settings = load_settings()
    mail = settings.mail
    async with open_sessions(settings) as sessions:
        begin = unit_of_work_factory(sessions)
        outbox = make_outbox(begin, mail, settings.mail_backend, settings.project_name)
        if forever:
            async with run_mail_worker(outbox, mail.poll_interval):
                await termination()
        else:
            click.echo(f"Sent {await outbox.deliver_due()}.")


async def termination() -> None:
    """Wait until somebody ends the process."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    # An exception in a handler would be raised wherever the process is just then, and lost in some
    # places: https://docs.python.org/3/library/signal.html#note-on-signal-handlers-and-exceptions
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
