"""The command that asks a running API how it is.

It is run all the time, so this loads neither the settings nor the application: that
would take ten times as long.
"""

from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import click

TIMEOUT = 8


@click.command()
@click.option(
    "--host", envvar="SERVER__HOST", default="127.0.0.1", help="Where it listens."
)
@click.option(
    "--port", envvar=["SERVER__PORT", "PORT"], default=8000, help="The port there."
)
def health(*, host: str, port: int) -> None:
    """Ask the running API whether it can serve requests."""
    with closing(HTTPConnection(host.strip("[]"), port, timeout=TIMEOUT)) as connection:
        try:
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            message = f"unhealthy: it does not answer: {error}"
            raise click.ClickException(message) from None
    if answer.status != HTTPStatus.OK:
        raise click.ClickException(f"unhealthy: {body}")
    click.echo("healthy")
