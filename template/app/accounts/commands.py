"""Management commands for users and mail."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from app.accounts.crud import unit_of_work_factory
from app.accounts.mail.messages import mail_worker
from app.accounts.models import AuditAction, User
from app.accounts.schemas import UserCreate
from app.accounts.scopes import Role
from app.accounts.services.base import AccountService
from app.accounts.settings import AccountsSettings
from app.accounts.throttle import ThrottleService
from app.core.commands import open_sessions, report_errors
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo
from app.core.security.passwords import PasswordHasher, PasswordPolicy
from app.core.security.throttle import open_store

COMMAND_LINE = ClientInfo(address="command line")


class UserCommands(AccountService):
    """Changes users for whoever runs the application."""

    async def create_admin(self, data: UserCreate, *, is_superuser: bool) -> User:
        """Create a user who can administrate."""
        password = data.password.get_secret_value()
        self.policy.check(password, personal=(data.email, data.username))
        values = {
            **data.model_dump(exclude={"password"}),
            "hashed_password": await self.hash(password),
            "role": Role.ADMIN,
            "is_superuser": is_superuser,
            "is_verified": True,
        }
        async with self.begin() as unit:
            user = await unit.users.create(values)
            await self.record(unit, AuditAction.ADMIN_CREATED, user)
        return user

    async def reset_password(self, login: str, password: str) -> None:
        """Set a password, end sessions and links, clear attempts, and tell the user."""
        async with self.begin() as unit:
            user = await unit.users.find_by_login(login)
        if user is None:
            raise NotFoundError(f"There is no user {login}.")
        self.policy.check(password, personal=(user.email, user.username))
        hashed = await self.hash(password)
        async with self.begin() as unit:
            changed = await unit.users.get(user.id, for_update=True)
            if changed is None:
                raise NotFoundError(f"There is no user {login}.")
            await self.set_password(unit, changed, hashed)
            await self.record(unit, AuditAction.PASSWORD_RESET, changed)


@asynccontextmanager
async def open_user_commands(settings: AccountsSettings) -> AsyncIterator[UserCommands]:
    """Connect to what the commands need, for one of them."""
    async with (
        open_sessions(settings) as sessions,
        open_store(sessions, settings) as store,
    ):
        yield UserCommands(
            unit_of_work_factory(sessions),
            PasswordHasher(settings.passwords),
            PasswordPolicy(settings.passwords, settings.project_name),
            ThrottleService(store, settings.throttle, settings.secret_key),
            settings.accounts,
            COMMAND_LINE,
        )


password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="NEW_PASSWORD",
    help="Leave it out to be asked, or set NEW_PASSWORD: others see command lines.",
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
    settings: AccountsSettings, *, superuser: bool, **fields: str
) -> None:
    """Create a user who can administrate."""
    data = UserCreate.model_validate(fields)
    async with open_user_commands(settings) as commands:
        await commands.create_admin(data, is_superuser=superuser)
    click.echo(f"Created the administrator {data.username}.")


@click.command()
@click.argument("login")
@password_option
@report_errors
async def reset_password(settings: AccountsSettings, login: str, password: str) -> None:
    """Set the password of the user LOGIN (address or name), and end all sessions."""
    async with open_user_commands(settings) as commands:
        await commands.reset_password(login, password)
    click.echo(f"The password of {login} is changed; all sessions have ended.")


@click.command()
@click.option("--forever", is_flag=True, help="Go on until somebody ends it.")
@report_errors
async def send_mail(settings: AccountsSettings, *, forever: bool) -> None:
    """Send the mail that is due."""
    async with open_sessions(settings) as sessions:
        worker = mail_worker(sessions, settings)
        if forever:
            async with worker.run():
                await termination()
        else:
            click.echo(f"Sent {await worker.deliver_due()}.")


async def termination() -> None:
    """Wait until somebody ends the process."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    # What a handler raises would be raised wherever the process is just then.
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(ended.set))
    await ended.wait()


COMMANDS = (create_admin, reset_password, send_mail)
