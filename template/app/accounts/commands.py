"""Management commands for users and mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click

from app.accounts.audit import AuditAction
from app.accounts.crud.unit_of_work import unit_of_work_factory
from app.accounts.mail.messages import AccountMailWriter
from app.accounts.models import User
from app.accounts.schemas import UserCreate
from app.accounts.scopes import Role
from app.accounts.services.context import AccountContext, set_password
from app.accounts.settings import AccountsSettings
from app.accounts.throttle import ThrottleService
from app.core.commands import open_sessions, report_errors
from app.core.errors import NotFoundError
from app.core.http.client import ClientInfo
from app.core.mail.transport import make_mailer
from app.core.mail.worker import OutboxWorker, termination
from app.core.security.password_policy import PasswordPolicy
from app.core.security.passwords import PasswordHasher
from app.core.security.throttle import open_store

COMMAND_LINE = ClientInfo(address="command line")


@dataclass(frozen=True)
class UserCommands:
    """Changes users for whoever runs the application."""

    context: AccountContext

    async def create_admin(self, data: UserCreate, *, is_superuser: bool) -> User:
        """Create a user who can administrate.

        Raises:
            InvalidError: If the password is not good enough.
            DBAPIError: If the address or the user name is taken.
        """
        context, password = self.context, data.password.get_secret_value()
        context.policy.check(password, personal=(data.email, data.username))
        values = {
            **data.model_dump(exclude={"password"}),
            "hashed_password": await context.hash(password),
            "role": Role.ADMIN,
            "is_superuser": is_superuser,
            "is_verified": True,
        }
        async with context.begin() as unit:
            user = await unit.users.create(values)
            await context.record(unit, AuditAction.ADMIN_CREATED, user)
        return user

    async def reset_password(self, login: str, password: str) -> None:
        """Set a password; sessions and links end, attempts are cleared, the user is told.

        Raises:
            NotFoundError: If there is no such user.
            InvalidError: If the password is not good enough.
        """
        context = self.context
        async with context.begin() as unit:
            user = await unit.users.find_by_login(login)
        if user is None:
            raise NotFoundError(f"There is no user {login}.")
        context.policy.check(password, personal=(user.email, user.username))
        hashed = await context.hash(password)
        async with context.begin() as unit:
            changed = await unit.users.get(user.id, for_update=True)
            if changed is None:
                raise NotFoundError(f"There is no user {login}.")
            await set_password(unit, changed, hashed, context.throttle)
            await context.record(unit, AuditAction.PASSWORD_RESET, changed)


@asynccontextmanager
async def open_user_commands(settings: AccountsSettings) -> AsyncIterator[UserCommands]:
    """Connect to what the commands need, for one of them."""
    async with open_sessions(settings) as sessions:
        begin = unit_of_work_factory(sessions)
        async with open_store(sessions, settings) as store:
            context = AccountContext(
                begin,
                PasswordHasher(settings.passwords),
                PasswordPolicy(settings.passwords, settings.project_name),
                ThrottleService(store, settings.throttle, settings.secret_key),
                settings.accounts,
                COMMAND_LINE,
            )
            yield UserCommands(context)


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
    settings: AccountsSettings,
    email: str,
    username: str,
    full_name: str,
    password: str,
    *,
    superuser: bool,
) -> None:
    """Create a user who can administrate."""
    data = UserCreate(
        email=email, username=username, full_name=full_name, password=password
    )
    async with open_user_commands(settings) as commands:
        await commands.create_admin(data, is_superuser=superuser)
    click.echo(f"Created the administrator {username}.")


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
    mailer = make_mailer(settings.mail, settings.mail_backend)
    writer = AccountMailWriter(settings.project_name, settings.mail)
    async with open_sessions(settings) as sessions:
        worker = OutboxWorker(sessions, mailer, writer)
        if forever:
            async with worker.run():
                await termination()
        else:
            click.echo(f"Sent {await worker.deliver_due()}.")


COMMANDS = (create_admin, reset_password, send_mail)
