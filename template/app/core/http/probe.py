"""The command that asks a running API how it is.

It is run all the time, so this loads neither the settings nor the application: that would
take ten times as long.
"""

from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import click

TIMEOUT = 8


def check_health(host: str, port: int) -> None:
    """Ask the running API whether it can serve requests.

    Raises:
        ClickException: If it cannot, or does not answer.
    """
    connection = HTTPConnection(host, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise click.ClickException(f"unhealthy: it does not answer: {error}") from None
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise click.ClickException(f"unhealthy: {body}")


@click.command()
@click.option(
    "--host", envvar="SERVER__HOST", default="127.0.0.1", help="Where it listens."
)
@click.option("--port", envvar="SERVER__PORT", default=8000, help="The port there.")
def health(*, host: str, port: int) -> None:
    """Ask the running API whether it can serve requests."""
    check_health(host, port)
    click.echo("healthy")
