"""The command that asks the running API whether it can serve requests."""

from http.client import HTTPConnection, HTTPException

import click

PATIENCE = 8


@click.command()
@click.option("--host", envvar="SERVER__HOST", default="127.0.0.1", help="Where it listens.")
@click.option("--port", envvar="SERVER__PORT", default=8000, help="The port there.")
def health(*, host: str, port: int) -> None:
    """Ask the running API whether it can serve requests."""
    # It is called all the time: reading all settings would take ten times as long.
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise click.ClickException(f"It does not answer: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise click.ClickException(f"It cannot: {body}")
    click.echo("It can.")
