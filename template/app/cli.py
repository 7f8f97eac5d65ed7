"""Management commands: `python -m app`."""

import json

import click

from app.config import load_settings
from app.core.http.probe import health
from app.core.http.server import serve
from app.features import FEATURES


@click.group(context_settings={"obj": load_settings})
def cli() -> None:
    """Manage the application."""


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document, for generating clients."""
    from app.main import create_app

    click.echo(json.dumps(create_app(load_settings()).openapi(), indent=2))


COMMANDS = [command for feature in FEATURES for command in feature.commands]

for command in (health, serve, *COMMANDS):
    cli.add_command(command)
