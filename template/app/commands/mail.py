"""The command that sends mail."""

import asyncio
import signal

import click

from app.commands.database import opened
from app.commands.errors import explained
from app.config import load_settings
from app.crud.unit_of_work import unit_of_work_factory
from app.services.mail_worker import make_outbox, run_mail_worker


@click.command()
@click.option("--forever", is_flag=True, help="Go on until somebody ends it.")
@explained
async def send_mail(*, forever: bool) -> None:
    """Send the mail that is due."""
    settings = load_settings()
    mail = settings.mail
    async with opened(settings) as sessions:
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
